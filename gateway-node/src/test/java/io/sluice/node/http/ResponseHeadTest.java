package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {

    private final ResponseHead head = new ResponseHead();

    private int parse(String text) {
        return parse(text, false);
    }

    private int parse(String text, boolean toHead) {
        byte[] bytes = Bytes.of(text);
        return head.parse(bytes, 0, bytes.length, toHead, HeadLimits.RESPONSE);
    }

    @Test
    void readsTheParts() {
        String text = "HTTP/1.0 404 Gibt's nicht \u00e9 \r\nServer: x\r\nContent-Length: 3\r\n\r\n";

        assertThat(parse(text + "abc")).isEqualTo(text.length());
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.minorVersion()).isZero();
        assertThat(head.reason()).isEqualTo("Gibt's nicht \u00e9 ");
        assertThat(head.bodyLength()).isEqualTo(3);
        assertThat(head.keepAlive()).isFalse();
        assertThat(head.fields().first(KnownField.SERVER.headerName())).contains("x");
    }

    @Test
    void movesElsewhere() {
        String text = "HTTP/1.1 200 Fine\r\nX: y\r\n\r\n";
        byte[] bytes = Bytes.of("before" + text);
        int end = head.parse(bytes, 6, bytes.length, false, HeadLimits.RESPONSE);
        byte[] target = new byte[100];
        head.moveTo(target);
        ByteWriter reason = new ByteWriter(4);
        head.putReason(reason);

        assertThat(end).isEqualTo(bytes.length);
        assertThat(head.length()).isEqualTo(text.length());
        assertThat(Bytes.text(reason)).isEqualTo("Fine");
        assertThat(head.fields().value(0)).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200',''", "'HTTP/1.1 200 ',''", "'HTTP/1.1 200  a',' a'", "'HTTP/1.1 599 x\ty','x\ty'"})
    void acceptsAnyReason(String line, String reason) {
        assertThat(parse(line + "\r\n\r\n")).isPositive();
        assertThat(head.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 999 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1\t200 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200-OK\r\n\r\n",
                "HTTP/1.1 200 OK\n\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void refusesWhatHasTwoReadings(String text) {
        assertThat(parse(text)).isNegative();
    }

    @ParameterizedTest
    @CsvSource({
        "200,X: y,false,-2",
        "200,Content-Length: 0,false,0",
        "200,Content-Length: 5,false,5",
        "200,Transfer-Encoding: Chunked,false,-1",
        "200,Content-Length: 5,true,0",
        "200,Transfer-Encoding: chunked,true,0",
        "200,X: y,true,0",
        "204,X: y,false,0",
        "304,Content-Length: 5,false,0",
        "100,X: y,false,0",
        "101,Upgrade: x,false,0",
        "404,X: y,false,-2",
        "205,Content-Length: 0,false,0",
    })
    void knowsTheLengthOfTheBody(int status, String line, boolean toHead, long length) {
        assertThat(parse("HTTP/1.1 " + status + " x\r\n" + line + "\r\n\r\n", toHead))
                .isPositive();
        assertThat(head.bodyLength()).isEqualTo(length);
    }
}
