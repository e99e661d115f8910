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

/** Bodies whose length two parties could read in two ways (request smuggling) are refused before anything is forwarded. */
class HostileFramingIT {

    private static HostileEdge edge;

    @BeforeAll
    static void start() {
        edge = new HostileEdge();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    static Stream<Arguments> badLengths() {
        return Stream.of(
                Arguments.of("2^63", "Content-Length: 9223372036854775808"),
                Arguments.of("2^63 - 1", "Content-Length: 9223372036854775807"),
                Arguments.of("2^64 + 18", "Content-Length: 18446744073709551634"),
                Arguments.of("hundred digits", "Content-Length: " + "1".repeat(100)),
                Arguments.of("many zeros", "Content-Length: " + "0".repeat(100) + "3"),
                Arguments.of("two numbers", "Content-Length: 1 2"),
                Arguments.of("plus", "Content-Length: +3"),
                Arguments.of("minus", "Content-Length: -3"),
                Arguments.of("minus zero", "Content-Length: -0"),
                Arguments.of("list of equal lengths", "Content-Length: 3,3"),
                Arguments.of("list of different lengths", "Content-Length: 3, 4"),
                Arguments.of("hexadecimal", "Content-Length: 0x3"),
                Arguments.of("hexadecimal digits", "Content-Length: a"),
                Arguments.of("decimal point", "Content-Length: 3.0"),
                Arguments.of("exponent", "Content-Length: 3e0"),
                Arguments.of("underscore", "Content-Length: 1_0"),
                Arguments.of("quoted", "Content-Length: \"3\""),
                Arguments.of("other digits", "Content-Length: \u00b3"),
                Arguments.of("parameter", "Content-Length: 3;a=b"),
                Arguments.of("empty", "Content-Length:"),
                Arguments.of("blank", "Content-Length: \t "),
                Arguments.of("twice, different", "Content-Length: 3\r\nContent-Length: 4"),
                Arguments.of("twice, one empty", "Content-Length: 3\r\nContent-Length:"),
                Arguments.of("twice, one with a zero in front", "Content-Length: 3\r\ncontent-length: +3"),
                Arguments.of("thrice, the last different", ("Content-Length: 3\r\n").repeat(2) + "Content-Length: 0"),
                Arguments.of("space before the colon", "Content-Length : 3"),
                Arguments.of("tab before the colon", "Content-Length\t: 3"),
                Arguments.of("folded", "Content-Length:\r\n 3"),
                Arguments.of("folded behind", "Content-Length: 3\r\n 4"),
                Arguments.of("vertical tab", "Content-Length: \u000b3"),
                Arguments.of("form feed", "Content-Length: 3\f"),
                Arguments.of("NUL", "Content-Length: 3\0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLengths")
    void refusesALengthThatIsNotOnePlainNumber(String name, String line) throws Exception {
        edge.refuses("POST / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\nabc", 400);
    }

    static Stream<Arguments> badCodings() {
        String chunked = "Transfer-Encoding: chunked";
        return Stream.of(
                Arguments.of("quoted", "Transfer-Encoding: \"chunked\"", 501),
                Arguments.of("unknown", "Transfer-Encoding: xchunked", 501),
                Arguments.of("chunkedx", "Transfer-Encoding: chunkedx", 501),
                Arguments.of("identity", "Transfer-Encoding: identity", 501),
                Arguments.of("identity behind", "Transfer-Encoding: chunked, identity", 501),
                Arguments.of("identity before", "Transfer-Encoding: identity, chunked", 501),
                Arguments.of("gzip before", "Transfer-Encoding: gzip, chunked", 501),
                Arguments.of("twice in a list", "Transfer-Encoding: chunked, chunked", 501),
                Arguments.of("empty element", "Transfer-Encoding: , chunked", 501),
                Arguments.of("comma behind", "Transfer-Encoding: chunked,", 501),
                Arguments.of("parameter", "Transfer-Encoding: chunked;q=1", 501),
                Arguments.of("empty", "Transfer-Encoding:", 501),
                Arguments.of("obs-text before", "Transfer-Encoding: \u00a0chunked", 501),
                Arguments.of("twice", chunked + "\r\n" + chunked, 400),
                Arguments.of("twice, different", chunked + "\r\nTransfer-Encoding: identity", 400),
                Arguments.of("twice, different case", chunked + "\r\nTRANSFER-ENCODING: x", 400),
                Arguments.of("vertical tab", "Transfer-Encoding: \u000bchunked", 400),
                Arguments.of("form feed", "Transfer-Encoding: chunked\f", 400),
                Arguments.of("space before the colon", "Transfer-Encoding : chunked", 400),
                Arguments.of("tab before the colon", "Transfer-Encoding\t: chunked", 400),
                Arguments.of("vertical tab before the colon", "Transfer-Encoding\u000b: chunked", 400),
                Arguments.of("folded", "Transfer-Encoding:\r\n chunked", 400),
                Arguments.of("folded with a tab", "Transfer-Encoding:\r\n\tchunked", 400),
                Arguments.of("space before the name", " Transfer-Encoding: chunked", 400),
                Arguments.of("hidden by a bare CR", "X: a\rTransfer-Encoding: chunked", 400),
                Arguments.of("hidden by a bare LF", "X: a\nTransfer-Encoding: chunked", 400),
                Arguments.of("with a length", "Content-Length: 3\r\n" + chunked, 400),
                Arguments.of("with a length behind", chunked + "\r\nContent-Length: 3", 400),
                Arguments.of("with a length of zero", chunked + "\r\nContent-Length: 0", 400),
                Arguments.of("other case with a length", "tRANSFER-eNCODING: CHUNKED\r\nContent-Length: 3", 400),
                Arguments.of("unknown with a length", "Transfer-Encoding: x\r\nContent-Length: 3", 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCodings")
    void refusesACodingThatIsNotPlainlyChunked(String name, String line, int status) throws Exception {
        edge.refuses("POST / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n0\r\n\r\n", status);
    }

    @Test
    void refusesChunksFromAnHttp10Client() throws Exception {
        edge.refuses("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    }

    static Stream<Arguments> badChunks() {
        return Stream.of(
                Arguments.of("space before the size", " 3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space behind the size", "3 \r\nabc\r\n0\r\n\r\n"),
                Arguments.of("tab behind the size", "3\t\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space before the extension", "3 ;a=b\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("underscore", "0_3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("plus", "+3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("minus", "-3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("no size", "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("no size but an extension", ";a=b\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("not hexadecimal", "g\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("obs-text in the size", "3\u00e9\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("2^64 + 3", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("2^63", "8000000000000000\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("hundred zeros in front", "0".repeat(100) + "3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF behind the size", "3\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF behind the chunk", "3\r\nabc\n0\r\n\r\n"),
                Arguments.of("bare LF behind the last size", "3\r\nabc\r\n0\n\r\n"),
                Arguments.of("bare LF at the end", "3\r\nabc\r\n0\r\n\n"),
                Arguments.of("bare CR behind the size", "3\rabc\r\n0\r\n\r\n"),
                Arguments.of("bare CR behind the chunk", "3\r\nabc\r0\r\n\r\n"),
                Arguments.of("CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("NUL in an extension", "3;a\0b\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("64 kB extension", "3;" + "x".repeat(65536) + "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("no line end behind the chunk", "3\r\nabc0\r\n\r\n"),
                Arguments.of("longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
                Arguments.of("trailer without colon", "0\r\nnonsense\r\n\r\n"),
                Arguments.of("trailer with a space before the colon", "0\r\nX : y\r\n\r\n"),
                Arguments.of("folded trailer", "0\r\nX: y\r\n z\r\n\r\n"),
                Arguments.of("trailer with a bare LF", "0\r\nX: y\nZ: a\r\n\r\n"),
                Arguments.of("trailer with a NUL", "0\r\nX: \0\r\n\r\n"),
                Arguments.of("trailer of 9 kB", "0\r\nX: " + "y".repeat(9000) + "\r\n\r\n"),
                Arguments.of("101 trailers", "0\r\n" + "X: y\r\n".repeat(101) + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badChunks")
    void refusesChunksThatAreNotWellFormed(String name, String body) throws Exception {
        edge.refusesBody("POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 400);
    }

    static Stream<Arguments> bareLineFeeds() {
        return Stream.of(
                Arguments.of("everywhere", "GET / HTTP/1.1\nHost: a\n\n"),
                Arguments.of("request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                Arguments.of("first field", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
                Arguments.of("later field", "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: a\r\n\r\n"),
                Arguments.of("empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                Arguments.of("before the request", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("inside a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\n z\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bareLineFeeds")
    void refusesBareLineFeeds(String name, String request) throws Exception {
        edge.refuses(request, 400);
    }

    @Test
    void acceptsEqualLengthsOnce() throws Exception {
        var received = edge.accepts(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-A: b\r\ncontent-length: 3\r\n\r\nabc");

        assertThat(received.bodyText()).isEqualTo("abc");
        assertThat(Arrays.stream(received.lines())
                        .filter(line -> line.toLowerCase().startsWith("content-length")))
                .containsExactly("Content-Length: 3");
    }

    static Stream<Arguments> goodChunks() {
        return Stream.of(
                Arguments.of("none", "0\r\n\r\n", "0\r\n\r\n"),
                Arguments.of("upper-case size", "A\r\n0123456789\r\n0\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\n"),
                Arguments.of("zeros in front", "0003\r\nabc\r\n000\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("extensions dropped", "3;a=\"b c\"\r\nabc\r\n0;x\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("line ends inside", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "4\r\n\r\n\r\n\r\n0\r\n\r\n"),
                Arguments.of("a trailer", "0\r\nX-Sum: 7 \r\n\r\n", "0\r\nX-Sum: 7 \r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodChunks")
    void keepsChunkBoundaries(String name, String sent, String expected) throws Exception {
        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + sent);

        assertThat(received.bodyText()).isEqualTo(expected);
    }

    @Test
    void passesAHundredThousandChunksOfOneByte() throws Exception {
        String chunks = "1\r\nx\r\n".repeat(100_000) + "0\r\n\r\n";

        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

        assertThat(received.bodyText()).isEqualTo(chunks);
    }

    @Test
    void dropsTrailersThatWouldChangeTheMessage() throws Exception {
        String bad = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: evil\r\nAuthorization: Basic eA==\r\n"
                + "X-Forwarded-For: 1.2.3.4\r\nx-forwarded-proto: https\r\nX_Forwarded_Host: evil\r\n"
                + "X-Consumer-ID: 1\r\nx_consumer_username: root\r\nX-Credential-Identifier: x\r\n"
                + "X-Authenticated-Scope: all\r\nX-Anonymous-Consumer: true\r\nX-Real-IP: 1.2.3.4\r\nCookie: a=b\r\n"
                + "Connection: close\r\nExpect: 100-continue\r\nTE: trailers\r\nTrailer: X\r\nUpgrade: websocket\r\n"
                + "Content-Encoding: gzip\r\nContent-Type: a/b\r\nContent-Range: bytes 0-1/2\r\nVia: x\r\n"
                + "Keep-Alive: 1\r\nProxy-Authorization: x\r\nCache-Control: no-store\r\n";
        String sent = "3\r\nabc\r\n0\r\nX-First: 1\r\n" + bad + "X-Last: 2\r\n\r\n";

        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + sent);

        assertThat(received.bodyText()).isEqualTo("3\r\nabc\r\n0\r\nX-First: 1\r\nX-Last: 2\r\n\r\n");
        assertThat(received.head()).doesNotContain("evil", "1.2.3.4", "Basic eA==", "X-First");
    }

    @Test
    void takesBytesBehindABodyForTheNextRequest() throws Exception {
        edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        try (RawClient client = edge.gateway().client()) {
            client.send(
                    "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().body()).isEqualTo("abc");
            assertThat(client.readResponse().body()).isEmpty();
        }
        assertThat(edge.upstream().next().head()).startsWith("POST /1 ");
        assertThat(edge.upstream().next().head()).startsWith("GET /2 ");
    }
}
