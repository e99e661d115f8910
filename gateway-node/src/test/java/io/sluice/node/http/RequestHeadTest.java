package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static final HeadLimits LIMITS = new HeadLimits(400, 100, 150, 5);

    private final RequestHead head = new RequestHead();

    private int parse(String text) {
        byte[] bytes = Bytes.of(text);
        return head.parse(bytes, 0, bytes.length, LIMITS);
    }

    @Test
    void readsTheParts() {
        String text = "GET /a?b=\u00e9 HTTP/1.1\r\nHost: a.example:80\r\nX:  y \r\n\r\n";

        assertThat(parse(text + "behind")).isEqualTo(text.length());
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/a?b=\u00e9");
        assertThat(head.minorVersion()).isEqualTo(1);
        assertThat(head.hostField()).contains("a.example:80");
        assertThat(head.fields().count()).isEqualTo(2);
        assertThat(head.fields().value(1)).isEqualTo("y");
        assertThat(head.bodyLength()).isZero();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.length()).isEqualTo(text.length());
    }

    @Test
    void readsFromTheMiddleOfAnArrayAndMovesElsewhere() {
        String text = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n";
        byte[] bytes = Bytes.of("junk\r\n" + text + "rest");
        int end = head.parse(bytes, 4, bytes.length, LIMITS);
        byte[] target = new byte[200];
        head.moveTo(target);
        java.util.Arrays.fill(bytes, (byte) 'z');

        assertThat(end).isEqualTo(6 + text.length());
        assertThat(head.length()).isEqualTo(text.length());
        assertThat(Bytes.text(target)).startsWith(text);
        assertThat(head.method() + head.target() + head.bodyLength()).isEqualTo("POST/x12");
        assertThat(head.hostField()).contains("a");
        assertThat(head.fields().linesTo()).isEqualTo(text.length() - 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nCONTENT-LENGTH:7\t\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 000000000000000007\r\n\r\n"
            })
    void readsALength(String text) {
        assertThat(parse(text)).isEqualTo(text.length());
        assertThat(head.bodyLength()).isEqualTo(7);
    }

    @Test
    void readsChunked() {
        assertThat(parse("GET / HTTP/1.1\r\nHost: a\r\ntransfer-ENCODING: \tCHUNKED \r\n\r\n"))
                .isPositive();
        assertThat(head.bodyLength()).isEqualTo(RequestHead.CHUNKED);
    }

    @Test
    void readsTheLargestLength() {
        assertThat(parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999999\r\n\r\n"))
                .isPositive();
        assertThat(head.bodyLength()).isEqualTo(999_999_999_999_999_999L);
    }

    @ParameterizedTest
    @CsvSource({
        "1.1,,true",
        "1.1,close,false",
        "1.1,'keep-alive, Close',false",
        "1.1,closed,true",
        "1.0,,false",
        "1.0,Keep-Alive,true",
        "1.0,'x , KEEP-ALIVE',true",
    })
    void knowsWhetherTheConnectionLivesOn(String version, String connection, boolean keepAlive) {
        String line = connection == null ? "" : "Connection: " + connection + "\r\n";

        assertThat(parse("GET / HTTP/" + version + "\r\nHost: a\r\n" + line + "\r\n"))
                .isPositive();
        assertThat(head.keepAlive()).isEqualTo(keepAlive);
    }

    @Test
    void looksAtAllConnectionLines() {
        parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n");

        assertThat(head.keepAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1.1,100-continue,true", "1.1,100-Continue,true", "1.0,100-continue,false", "1.1,other,false"})
    void knowsWhoWaitsForContinue(String version, String expect, boolean waits) {
        parse("POST / HTTP/" + version + "\r\nHost: a\r\nContent-Length: 1\r\nExpect: " + expect + "\r\n\r\n");

        assertThat(head.expectsContinue()).isEqualTo(waits);
    }

    @Test
    void knowsAWebSocket() {
        String upgrade = "Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n";

        parse("GET / HTTP/1.1\r\n" + upgrade + "\r\n");
        assertThat(head.webSocket()).isTrue();
        parse("POST / HTTP/1.1\r\n" + upgrade + "\r\n");
        assertThat(head.webSocket()).isFalse();
        parse("GET / HTTP/1.0\r\n" + upgrade + "\r\n");
        assertThat(head.webSocket()).isFalse();
        parse("GET / HTTP/1.1\r\n" + upgrade + "Content-Length: 3\r\n\r\n");
        assertThat(head.webSocket()).isFalse();
        parse("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n");
        assertThat(head.webSocket()).isFalse();
    }

    @Test
    void holdsTheLimits() {
        String start = "GET / HTTP/1.1\r\nHost: a\r\n";

        assertThat(parse("GET /" + "x".repeat(84) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isPositive();
        assertThat(parse("GET /" + "x".repeat(85) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(-414);
        assertThat(parse("GET /" + "x".repeat(96))).isEqualTo(-414);
        assertThat(parse("G".repeat(101))).isEqualTo(-414);
        assertThat(parse(start + "X: " + "y".repeat(145) + "\r\n\r\n")).isPositive();
        assertThat(parse(start + "X: " + "y".repeat(146) + "\r\n\r\n")).isEqualTo(-494);
        assertThat(parse(start + "X: " + "y".repeat(148))).isEqualTo(-494);
        assertThat(parse(start + "X".repeat(151))).isEqualTo(-494);
        assertThat(parse(start + "X: y\r\n".repeat(4) + "\r\n")).isPositive();
        assertThat(parse(start + "X: y\r\n".repeat(5) + "\r\n")).isEqualTo(-494);
        assertThat(parse(start + ("X: " + "y".repeat(120) + "\r\n").repeat(3) + "\r\n"))
                .isEqualTo(-494);
        assertThat(parse(start + ("X: " + "y".repeat(121) + "\r\n").repeat(3))).isEqualTo(-494);
    }

    @Test
    void remembersNothingOfTheMessageBefore() {
        parse("POST /long/target HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n");
        parse("GET / HTTP/1.1\r\nX: y\r\nHost: b\r\n\r\n");

        assertThat(head.bodyLength()).isZero();
        assertThat(head.hostField()).contains("b");
        assertThat(head.fields().has(KnownField.CONNECTION)).isFalse();
        assertThat(head.fields().count()).isEqualTo(2);
    }

    @Test
    void canForgetEverything() {
        parse("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        head.clear();

        assertThat(head.method()).isEmpty();
        assertThat(head.target()).isEqualTo("/");
        assertThat(head.fields().count()).isZero();
        assertThat(head.hostField()).isEmpty();
        assertThat(head.bodyLength()).isZero();
        assertThat(head.keepAlive()).isFalse();
        assertThat(head.length()).isZero();
    }
}
