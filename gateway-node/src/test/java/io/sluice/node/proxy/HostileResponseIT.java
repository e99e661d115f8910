package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream says wrongly stays with its own request (hostile-input, section 9). */
class HostileResponseIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean";
    private static final ConcurrentMap<String, RawUpstream.Script> SCRIPTS = new ConcurrentHashMap<>();

    private static RawUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(HostileResponseIT::serve);
        gateway = TestGateway.start(Configs.of(
                List.of(Configs.service("s", upstream.port(), null, 0, 5_000)),
                List.of(Configs.route("r", "s", "/")),
                List.of()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static void serve(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            RawUpstream.Script script = SCRIPTS.get(Heads.target(head));
            if (script == null) {
                peer.write(OK);
            } else {
                script.run(peer);
            }
        }
    }

    private static void upstreamSays(RawUpstream.Script script) {
        SCRIPTS.put("/hostile", script);
    }

    /** Twice on the client's connection if that lives, twice on others: whatever was left somewhere would show. */
    private static void assertNextRequestsAreClean() {
        for (int i = 0; i < 4; i++) {
            RawClient.Response next = gateway.get("/clean");
            assertThat(next.status()).isEqualTo(200);
            assertThat(next.body()).isEqualTo("clean");
        }
    }

    static Stream<Arguments> invalid() {
        String cl = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
        return Stream.of(
                        "both lengths| " + cl + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                        "two lengths| " + cl + "Content-Length: 6\r\n\r\nhello!",
                        "length list| HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                        "signed length| HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                        "negative length| HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
                        "hexadecimal length| HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                        "huge length| HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
                        "empty length| HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
                        "unknown coding| HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                        "two codings| HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "chunked 1.0| HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "status 999| HTTP/1.1 999 No\r\nContent-Length: 5\r\n\r\nhello",
                        "status 99| HTTP/1.1 099 No\r\nContent-Length: 5\r\n\r\nhello",
                        "status 2000| HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "no status| HTTP/1.1 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "version 2| HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "version 1.2| HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "another protocol| ICY 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                        "no head| hello\r\n\r\n",
                        "bare LF| HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
                        "name with space| " + cl + "X Y: 1\r\n\r\nhello",
                        "space before colon| " + cl + "X : 1\r\n\r\nhello",
                        "empty name| " + cl + ": 1\r\n\r\nhello",
                        "no colon| " + cl + "nonsense\r\n\r\nhello",
                        "folded| " + cl + "X: 1\r\n 2\r\n\r\nhello",
                        "NUL| " + cl + "X: \0\r\n\r\nhello",
                        "bare CR| " + cl + "X: a\rb\r\n\r\nhello",
                        "NUL in reason| HTTP/1.1 200 \0\r\nContent-Length: 5\r\n\r\nhello",
                        "100 kB field| " + cl + "X: " + "x".repeat(100_000) + "\r\n\r\nhello",
                        "100 kB head| " + cl + ("X: " + "x".repeat(1_000) + "\r\n").repeat(100) + "\r\nhello",
                        "flood of fields| " + cl + "X: y\r\n".repeat(2_000) + "\r\nhello",
                        "endless reason| HTTP/1.1 200 " + "x".repeat(100_000) + "\r\n\r\n",
                        "flood of 1xx| " + "HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000) + OK)
                .map(row -> row.split("\\| ", 2))
                .map(row -> Arguments.of(row[0], row[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void answers502AndForgetsTheConnection(String name, String bytes) {
        upstreamSays(peer -> peer.write(bytes));

        RawClient.Response response = gateway.get("/hostile");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).contains("An invalid response was received from the upstream server");
        assertNextRequestsAreClean();
    }

    static Stream<Arguments> surplus() {
        String smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        return Stream.of(
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", smuggled),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", "x"),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", smuggled),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                        "hello",
                        smuggled),
                Arguments.of("GET", "HTTP/1.1 204 No Content\r\n\r\n", "", smuggled),
                Arguments.of("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 44\r\n\r\n", "", smuggled),
                Arguments.of("GET", "HTTP/1.1 304 Not Modified\r\n\r\n", "", smuggled),
                Arguments.of("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 44\r\n\r\n", "", smuggled),
                Arguments.of("GET", "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n", "", "0\r\n\r\n"),
                Arguments.of("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n", "", smuggled),
                Arguments.of("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", "0\r\n\r\n"),
                Arguments.of("HEAD", "HTTP/1.1 404 No\r\n\r\n", "", smuggled));
    }

    @ParameterizedTest
    @MethodSource("surplus")
    void dropsBytesBehindTheEndThatComeAtOnce(String method, String response, String body, String more) {
        upstreamSays(peer -> peer.write(response + more));

        assertOnlyTheResponsePasses(method, body);
    }

    @ParameterizedTest
    @MethodSource("surplus")
    void dropsBytesBehindTheEndThatComeLater(String method, String response, String body, String more) {
        CompletableFuture<Void> received = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        upstreamSays(peer -> {
            peer.write(response);
            received.join();
            peer.write(more);
            closed.complete(peer.read());
        });

        try (RawClient client = gateway.client()) {
            client.send(method + " /hostile HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse(method.equals("HEAD")).body()).isEqualTo(body);
            received.complete(null);
            assertThat(closed.orTimeout(5, TimeUnit.SECONDS).join()).isNegative();
            client.send("GET /clean HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("clean");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertNextRequestsAreClean();
    }

    private static void assertOnlyTheResponsePasses(String method, String body) {
        try (RawClient client = gateway.client()) {
            client.send(method + " /hostile HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response response = client.readResponse(method.equals("HEAD"));
            assertThat(response.body()).isEqualTo(body);
            client.send("GET /clean HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            RawClient.Response second = client.readResponse();
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo("clean");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertNextRequestsAreClean();
    }

    static Stream<Arguments> truncated() {
        String fixed = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                        fixed,
                        chunked + "5\r\nhello\r\n",
                        chunked + "5\r\nhel",
                        chunked + "5\r\nhello\r\n0\r\n",
                        chunked + "5\r\nhello\r\n0\r\nX-Trailer: y\r\n",
                        chunked + "5\r\nhello\r\nzz\r\n",
                        chunked + "5\r\nhelloXX0\r\n\r\n",
                        chunked + "5\r\nhello\r\n 0\r\n\r\n",
                        chunked + "5\r\nhello\r\n0x0\r\n\r\n",
                        chunked + "5\r\nhello\r\nFFFFFFFFFFFFFFFFF\r\n",
                        chunked + "5\r\nhello\r\n0\nX: y\n\n",
                        chunked + "5\r\nhello\r\n0\r\nX : y\r\n\r\n")
                .flatMap(bytes -> Stream.of(
                        Arguments.of("1.1", bytes, false),
                        Arguments.of("1.1", bytes, true),
                        Arguments.of("1.0", bytes, false)));
    }

    @ParameterizedTest
    @MethodSource("truncated")
    void neverLetsATruncatedBodyLookWhole(String version, String bytes, boolean reset) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        upstreamSays(peer -> {
            int headEnd = bytes.indexOf("\r\n\r\n") + 4;
            peer.write(bytes.substring(0, headEnd));
            begun.join();
            peer.write(bytes.substring(headEnd));
            if (reset) {
                peer.reset();
            } else {
                peer.close();
            }
        });

        try (RawClient client = gateway.client()) {
            client.send("GET /hostile HTTP/" + version + "\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            begun.complete(null);

            assertThat(client.untilEnd()).endsWith("(reset)").doesNotContain("\r\n0\r\n\r\n");
        }
        assertNextRequestsAreClean();
    }

    @Test
    void neverLetsAResetBodyWithoutLengthLookWhole() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        upstreamSays(peer -> {
            peer.write("HTTP/1.1 200 OK\r\n\r\nhello");
            begun.join();
            peer.reset();
        });

        try (RawClient client = gateway.client()) {
            client.send("GET /hostile HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            begun.complete(null);

            assertThat(client.untilEnd()).endsWith("(reset)").doesNotContain("\r\n0\r\n\r\n");
        }
        assertNextRequestsAreClean();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void takesTheEndOfTheConnectionForTheEndOfABodyWithoutLength(String version) {
        upstreamSays(peer -> {
            peer.write("HTTP/1.1 200 OK\r\n\r\nhello");
            peer.close();
        });

        try (RawClient client = gateway.client()) {
            client.send("GET /hostile HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n");
            RawClient.Response response = client.readResponse();

            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.header("Transfer-Encoding").isPresent()).isEqualTo(version.equals("1.1"));
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void saysNothingAboutTheLengthOfNoContent(String bytes) {
        upstreamSays(peer -> peer.write(bytes));

        RawClient.Response response = gateway.get("/hostile");

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("Content-Length")).isEmpty();
        assertThat(response.header("Transfer-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD / 200", "GET / 304"})
    void keepsTheLengthOfABodyThatIsNotSent(String row) {
        String[] part = row.split(" ", -1);
        upstreamSays(peer -> peer.write("HTTP/1.1 " + part[2] + " X\r\nContent-Length: 1234\r\n\r\n"));

        try (RawClient client = gateway.client()) {
            client.send(part[0] + " /hostile HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Response response = client.readResponse(true);

            assertThat(response.header("Content-Length")).contains("1234");
            assertThat(response.header("Connection")).contains("keep-alive");
        }
    }

    @Test
    void takesTwoEqualLengthsForOne() {
        upstreamSays(peer -> peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"));

        RawClient.Response response = gateway.get("/hostile");

        assertThat(response.headers("Content-Length")).containsExactly("5");
        assertThat(response.body()).isEqualTo("hello");
    }
}
