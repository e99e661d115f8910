package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Field lines of a request: bad ones are refused, hop-by-hop ones end here, all others pass byte for byte. */
class HostileHeadersIT {

    private static HostileEdge edge;

    @BeforeAll
    static void start() {
        edge = new HostileEdge();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                Arguments.of("NUL in a value", "X: a\0b"),
                Arguments.of("NUL in a name", "X\0: a"),
                Arguments.of("bare CR in a value", "X: a\rb"),
                Arguments.of("bare CR at the end of a value", "X: a\r"),
                Arguments.of("bare CR in a name", "X\r: a"),
                Arguments.of("bell", "X: a\u0007"),
                Arguments.of("escape", "X: \u001b[31m"),
                Arguments.of("DEL", "X: a\u007f"),
                Arguments.of("vertical tab", "X: a\u000bb"),
                Arguments.of("empty name", ": a"),
                Arguments.of("no colon", "nonsense"),
                Arguments.of("no colon behind the first field", "X: y\r\nnonsense"),
                Arguments.of("leading space", " X: y"),
                Arguments.of("leading tab", "\tX: y"),
                Arguments.of("space before the colon", "X : y"),
                Arguments.of("tab before the colon", "X\t: y"),
                Arguments.of("space in a name", "X Y: z"),
                Arguments.of("obs-text in a name", "X\u00e9: y"),
                Arguments.of("bracket in a name", "X(y): z"),
                Arguments.of("slash in a name", "X/y: z"),
                Arguments.of("folded", "X: y\r\n z"),
                Arguments.of("folded to nothing", "X: y\r\n \r\nZ: a"),
                Arguments.of("9 kB value", "X: " + "y".repeat(9000)),
                Arguments.of("9 kB name", "X".repeat(9000) + ": y"),
                Arguments.of("40 kB value", "X: " + "y".repeat(40_000)),
                Arguments.of(
                        "40 kB in lines", ("X: " + "y".repeat(4000) + "\r\n").repeat(9) + "X: " + "y".repeat(4000)),
                Arguments.of("101 lines", "X: y\r\n".repeat(99) + "X: y"),
                Arguments.of("10,000 lines", "X: y\r\n".repeat(9999) + "X: y"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void refusesABadLine(String name, String lines) throws Exception {
        edge.refuses("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n", 400);
    }

    @Test
    void saysThatTheHeadIsTooLarge() {
        RawClient.Response response =
                edge.gateway().exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).startsWith("Request header or cookie too large\n");
    }

    static Stream<Arguments> goodLines() {
        return Stream.of(
                Arguments.of("obs-text", "X: \u00e9\u00ff\u0080"),
                Arguments.of("UTF-8", "X: \u00c3\u00a9"),
                Arguments.of("empty value", "X:"),
                Arguments.of("blanks around", "X:   a b \t "),
                Arguments.of("no blank", "X:a"),
                Arguments.of("tab inside", "X: a\tb"),
                Arguments.of("odd case", "x-oDD-cASE: y"),
                Arguments.of("all token chars", "aZ09!#$%&'*+-.^_`|~: y"),
                Arguments.of("underscore", "x_y: z"),
                Arguments.of("colons", "X: a:b::c"),
                Arguments.of("quotes", "X: \"a, b\"; q=\"\\\"\""),
                Arguments.of("7 kB value", "X: " + "y".repeat(7000)),
                Arguments.of("cookie", "Cookie: a=b; c=\"d\"; ;;e"),
                Arguments.of("name of one byte", "a: b"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLines")
    void passesALineByteForByte(String name, String line) throws Exception {
        assertThat(edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n")
                        .lines())
                .contains(line);
    }

    @Test
    void acceptsAHundredLines() throws Exception {
        var received = edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(99) + "\r\n");

        assertThat(Arrays.stream(received.lines()).filter("X: y"::equals)).hasSize(99);
    }

    @Test
    void keepsRepeatedLinesAndTheirOrder() throws Exception {
        var received = edge.accepts("GET / HTTP/1.1\r\nB: 1\r\nHost: a\r\nA: 2\r\nb: 3\r\nA: 4\r\nB: 1\r\n\r\n");

        assertThat(Arrays.stream(received.lines()).filter(line -> line.matches("[ABb]: .")))
                .containsExactly("B: 1", "A: 2", "b: 3", "A: 4", "B: 1");
    }

    @Test
    void dropsWhatConnectionNames() throws Exception {
        var received = edge.accepts(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Secret, x-other\r\nX-Secret: 1\r\nX-OTHER: 2\r\nX-Kept: 3\r\n\r\n");

        assertThat(received.lines()).contains("X-Kept: 3", "Connection: keep-alive");
        assertThat(received.head().toLowerCase()).doesNotContain("x-secret", "x-other");
    }

    @Test
    void connectionCannotStripWhatTheGatewaySays() throws Exception {
        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                + "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port, X-Real-IP, Host,"
                + " Via, X-Kong-Request-Id, Content-Length, Connection\r\n\r\nabc");

        assertThat(received.head())
                .contains(
                        "\r\nX-Forwarded-For: 127.0.0.1\r\n",
                        "\r\nX-Forwarded-Proto: http\r\n",
                        "\r\nX-Forwarded-Host: a\r\n",
                        "\r\nX-Forwarded-Port: ",
                        "\r\nX-Real-IP: 127.0.0.1\r\n",
                        "\r\nHost: ",
                        "\r\nVia: ",
                        "\r\nX-Kong-Request-Id: ",
                        "\r\nContent-Length: 3\r\n");
        assertThat(received.bodyText()).isEqualTo("abc");
    }

    @Test
    void connectionCannotStripTheFramingOfChunks() throws Exception {
        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: transfer-encoding\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

        assertThat(received.bodyText()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void dropsHopByHopFields() throws Exception {
        var received =
                edge.accepts("GET / HTTP/1.1\r\nHost: a\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n"
                        + "Proxy: http://evil\r\nTE: gzip, trailers\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                        + "Connection: Upgrade, HTTP2-Settings, TE\r\n\r\n");

        assertThat(received.lines()).contains("TE: trailers", "Connection: keep-alive");
        assertThat(received.head().toLowerCase())
                .doesNotContain("keep-alive: timeout", "proxy", "gzip", "upgrade", "h2c", "http2-settings");
    }

    static Stream<String> upgrades() {
        return Stream.of("h2c", "TLS/1.0", "foo", "websocket2", "h2c, foo");
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void doesNotTunnelAnUnknownUpgrade(String protocol) throws Exception {
        try (RawUpstream eager =
                        RawUpstream.answering("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
                                + protocol + "\r\n\r\n");
                TestGateway gateway = TestGateway.to(eager)) {
            RawClient.Response response = gateway.exchange(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");

            assertThat(response.status()).isEqualTo(502);
            assertThat(eager.nextHead().toLowerCase()).doesNotContain("upgrade");
        }
    }
}
