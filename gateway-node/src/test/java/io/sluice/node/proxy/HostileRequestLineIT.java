package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Request lines and Host fields: what is not plainly legal is refused, what is legal but unusual is passed on as it is. */
class HostileRequestLineIT {

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
        String host = "\r\nHost: a\r\n\r\n";
        return Stream.of(
                Arguments.of("tab behind the method", "GET\t/ HTTP/1.1" + host, 400),
                Arguments.of("tab before the version", "GET /\tHTTP/1.1" + host, 400),
                Arguments.of("two spaces behind the method", "GET  / HTTP/1.1" + host, 400),
                Arguments.of("two spaces before the version", "GET /  HTTP/1.1" + host, 400),
                Arguments.of("space in front", " GET / HTTP/1.1" + host, 400),
                Arguments.of("space at the end", "GET / HTTP/1.1 " + host, 400),
                Arguments.of("space in the target", "GET /a b HTTP/1.1" + host, 400),
                Arguments.of("two empty lines in front", "\r\n\r\nGET / HTTP/1.1" + host, 400),
                Arguments.of("CR in front", "\rGET / HTTP/1.1" + host, 400),
                Arguments.of("CR in the line", "GET /\r HTTP/1.1" + host, 400),
                Arguments.of("NUL in the method", "G\0T / HTTP/1.1" + host, 400),
                Arguments.of("NUL in the target", "GET /\0 HTTP/1.1" + host, 400),
                Arguments.of("escape in the target", "GET /\u001b HTTP/1.1" + host, 400),
                Arguments.of("DEL in the target", "GET /\u007f HTTP/1.1" + host, 400),
                Arguments.of("asterisk for GET", "GET * HTTP/1.1" + host, 400),
                Arguments.of("fragment", "GET /a#b HTTP/1.1" + host, 400),
                Arguments.of("broken escape", "GET /a/%zz HTTP/1.1" + host, 400),
                Arguments.of("escaped NUL", "GET /a%00b HTTP/1.1" + host, 400),
                Arguments.of("lower-case method", "get / HTTP/1.1" + host, 400),
                Arguments.of("mixed-case method", "Get / HTTP/1.1" + host, 400),
                Arguments.of("no method", "/ HTTP/1.1" + host, 400),
                Arguments.of("obs-text in the method", "G\u00c9T / HTTP/1.1" + host, 400),
                Arguments.of("delimiter in the method", "GET: / HTTP/1.1" + host, 400),
                Arguments.of("no target", "GET HTTP/1.1" + host, 400),
                Arguments.of("relative target", "GET a/b HTTP/1.1" + host, 400),
                Arguments.of("query only", "GET ?a HTTP/1.1" + host, 400),
                Arguments.of("no version (0.9)", "GET /\r\n\r\n", 400),
                Arguments.of("version 0.9", "GET / HTTP/0.9" + host, 505),
                Arguments.of("version 1.2", "GET / HTTP/1.2" + host, 505),
                Arguments.of("version 2.0", "GET / HTTP/2.0" + host, 505),
                Arguments.of("version 3.1", "GET / HTTP/3.1" + host, 505),
                Arguments.of("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                Arguments.of("version 1.10", "GET / HTTP/1.10" + host, 400),
                Arguments.of("version 11.1", "GET / HTTP/11.1" + host, 400),
                Arguments.of("version 1", "GET / HTTP/1" + host, 400),
                Arguments.of("version 1,1", "GET / HTTP/1,1" + host, 400),
                Arguments.of("version +1.1", "GET / HTTP/+1.1" + host, 400),
                Arguments.of("lower-case version", "GET / http/1.1" + host, 400),
                Arguments.of("other protocol", "GET / HTTPS/1.1" + host, 400),
                Arguments.of("other protocol of that length", "GET / RTSP/1.0" + host, 400),
                Arguments.of("TRACE", "TRACE / HTTP/1.1" + host, 405),
                Arguments.of("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405),
                Arguments.of("authority form", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400),
                Arguments.of("40 kB target", "GET /" + "x".repeat(40_000) + " HTTP/1.1" + host, 414),
                Arguments.of("9 kB target", "GET /" + "x".repeat(9000) + " HTTP/1.1" + host, 414),
                Arguments.of(
                        "TLS on a plain port",
                        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n",
                        400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLines")
    void refusesALineThatIsNotPlain(String name, String request, int status) throws Exception {
        edge.refuses(request, status);
    }

    static Stream<Arguments> badHosts() {
        return Stream.of(
                Arguments.of("none", "X: y"),
                Arguments.of("two", "Host: a\r\nHost: b"),
                Arguments.of("two equal ones", "Host: a\r\nhost: a"),
                Arguments.of("empty", "Host:"),
                Arguments.of("space", "Host: a b"),
                Arguments.of("comma", "Host: a,b"),
                Arguments.of("slash", "Host: a/b"),
                Arguments.of("backslash", "Host: a\\b"),
                Arguments.of("user", "Host: user@a"),
                Arguments.of("user and password", "Host: u:p@a"),
                Arguments.of("query", "Host: a?b"),
                Arguments.of("fragment", "Host: a#b"),
                Arguments.of("quote", "Host: \"a\""),
                Arguments.of("angle bracket", "Host: <a>"),
                Arguments.of("port 99999", "Host: a:99999"),
                Arguments.of("port 65536", "Host: a:65536"),
                Arguments.of("port of letters", "Host: a:http"),
                Arguments.of("port with sign", "Host: a:+80"),
                Arguments.of("two ports", "Host: a:80:80"),
                Arguments.of("port without host", "Host: :80"),
                Arguments.of("long port", "Host: a:0000000080"),
                Arguments.of("open bracket", "Host: [::1"),
                Arguments.of("text behind a bracket", "Host: [::1]a"),
                Arguments.of("letters in brackets", "Host: [xyz]"),
                Arguments.of("empty brackets", "Host: []"),
                Arguments.of("folded", "Host: a\r\n b"),
                Arguments.of("space before the colon", "Host : a"),
                Arguments.of("NUL", "Host: a\0b"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badHosts")
    void refusesAHostThatIsNotOne(String name, String line) throws Exception {
        edge.refuses("GET / HTTP/1.1\r\n" + line + "\r\n\r\n", 400);
    }

    static Stream<Arguments> badAbsoluteTargets() {
        return Stream.of(
                Arguments.of("another host", "http://evil/"),
                Arguments.of("another port", "http://a:81/"),
                Arguments.of("user", "http://user@a/"),
                Arguments.of("user that looks like the host", "http://a@evil/"),
                Arguments.of("no authority", "http:///x"),
                Arguments.of("another scheme", "ftp://a/"),
                Arguments.of("file", "file:///etc/passwd"),
                Arguments.of("scheme only", "http:"),
                Arguments.of("script", "javascript:alert(1)"),
                Arguments.of("backslash authority", "http://a\\@evil/"),
                Arguments.of("fragment", "http://a/#b"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAbsoluteTargets")
    void refusesAnAbsoluteTargetThatSaysSomethingElse(String name, String target) throws Exception {
        edge.refuses("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    }

    static Stream<Arguments> goodLines() {
        return Stream.of(
                Arguments.of("one empty line in front", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1"),
                Arguments.of("absolute form", "GET http://a/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x?y HTTP/1.1"),
                Arguments.of(
                        "absolute form, other case", "GET HTTP://A/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x HTTP/1.1"),
                Arguments.of(
                        "absolute form, no path", "GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?y HTTP/1.1"),
                Arguments.of("server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1"),
                Arguments.of("WebDAV", "PROPFIND /x HTTP/1.1\r\nHost: a\r\n\r\n", "PROPFIND /x HTTP/1.1"),
                Arguments.of("UPnP", "M-SEARCH /x HTTP/1.1\r\nHost: a\r\n\r\n", "M-SEARCH /x HTTP/1.1"),
                Arguments.of("made up", "FROB_NICATE /x HTTP/1.1\r\nHost: a\r\n\r\n", "FROB_NICATE /x HTTP/1.1"),
                Arguments.of("bare question mark", "GET /x? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x? HTTP/1.1"),
                Arguments.of(
                        "odd bytes in the query",
                        "GET /x?a|b\"<>\\^`{}\u00e9=[]''?/ HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /x?a|b\"<>\\^`{}\u00e9=[]''?/ HTTP/1.1"),
                Arguments.of(
                        "odd bytes in the path are escaped",
                        "GET /a|b\"<>^`{}\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /a%7Cb%22%3C%3E%5E%60%7B%7D%E9 HTTP/1.1"),
                Arguments.of(
                        "7 kB target",
                        "GET /" + "x".repeat(7000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /" + "x".repeat(7000) + " HTTP/1.1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLines")
    void passesOnWhatIsLegal(String name, String request, String line) throws Exception {
        assertThat(edge.accepts(request).head()).startsWith(line + "\r\n");
    }

    static Stream<Arguments> goodHosts() {
        return Stream.of(
                        "a",
                        "A.b-c_d~e",
                        "a:0",
                        "a:65535",
                        "a:",
                        "127.0.0.1:80",
                        "[::1]",
                        "[::ffff:1.2.3.4]:8080",
                        "*.a",
                        "\u00e9")
                .map(Arguments::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodHosts")
    void acceptsAnyLegalHost(String host) throws Exception {
        assertThat(edge.accepts("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").head())
                .startsWith("GET / ");
    }

    @Test
    void doesNotWaitForTheEndOfALineThatIsTooLong() {
        try (RawClient client = edge.gateway().client()) {
            RawClient.Response response =
                    client.send("GET /" + "x".repeat(9000)).readResponse();

            assertThat(response.status()).isEqualTo(414);
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @Test
    void takesALeadingLineEndInTwoPieces() throws Exception {
        try (RawClient client = edge.gateway().client()) {
            byte[] request = "\r\nGET /pieces HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            Dribble.send(edge.gateway(), client, request, () -> 1);

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void servesAnHttp10ClientWithoutHost() {
        try (RawClient client = edge.gateway().client()) {
            assertThat(client.send("GET /old HTTP/1.0\r\n\r\n").readResponse().status())
                    .isEqualTo(200);
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }
}
