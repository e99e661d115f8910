package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients and upstreams say to each other passes byte for byte, however the network cuts it. */
class TransparencyIT {

    private static HostileEdge edge;

    @BeforeAll
    static void start() {
        edge = new HostileEdge();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] everyByteValue(int times) {
        byte[] all = new byte[256 * times];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 31 + i / 256);
        }
        return all;
    }

    /** A request that can stand in a pipeline, and what the upstream has to get of it. */
    private record Pipelined(byte[] request, String path, String body) {}

    private static List<Pipelined> mixedRequests(int count, long seed) {
        Random random = new Random(seed);
        List<Pipelined> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[random.nextInt(3) == 0 ? random.nextInt(3000) : random.nextInt(40)];
            random.nextBytes(content);
            String body = new String(content, StandardCharsets.ISO_8859_1);
            String head = (i % 2 == 0 ? "POST /" : "PUT /") + i + " HTTP/1.1\r\nHost: a\r\nX-N: " + i + "\r\n";
            requests.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Pipelined(bytes("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"), "/" + i, "");
                        case 1 ->
                            new Pipelined(
                                    bytes(head + "Content-Length: " + content.length + "\r\n\r\n" + body),
                                    "/" + i,
                                    body);
                        default -> {
                            String chunks = chunks(body, random);
                            yield new Pipelined(
                                    bytes(head + "Transfer-Encoding: chunked\r\n\r\n" + chunks), "/" + i, chunks);
                        }
                    });
        }
        return requests;
    }

    private static String chunks(String body, Random random) {
        StringBuilder chunks = new StringBuilder();
        for (int from = 0; from < body.length(); ) {
            int to = Math.min(body.length(), from + 1 + random.nextInt(200));
            chunks.append(Integer.toHexString(to - from)).append("\r\n");
            chunks.append(body, from, to).append("\r\n");
            from = to;
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    static Stream<Arguments> cuts() {
        Random random = new Random(7);
        IntSupplier whole = () -> Integer.MAX_VALUE / 2;
        IntSupplier single = () -> 1;
        IntSupplier small = () -> 1 + random.nextInt(7);
        IntSupplier mixed = () -> 1 + random.nextInt(random.nextInt(4) == 0 ? 2000 : 50);
        return Stream.of(
                Arguments.of("in one piece", 60, whole),
                Arguments.of("one byte at a time", 6, single),
                Arguments.of("a few bytes at a time", 20, small),
                Arguments.of("in pieces of any size", 60, mixed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cuts")
    void servesPipelinedRequestsWithBodies(String name, int count, IntSupplier cut) throws Exception {
        edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        List<Pipelined> requests = mixedRequests(count, name.hashCode());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Pipelined request : requests) {
            all.write(request.request());
        }

        try (RawClient client = edge.gateway().client()) {
            Thread sender = new Thread(() -> Dribble.send(edge.gateway(), client, all.toByteArray(), cut));
            sender.start();
            for (Pipelined request : requests) {
                boolean chunked = request.body().endsWith("0\r\n\r\n");
                String head = client.readHead();
                assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(chunked).isEqualTo(head.contains("\r\nTransfer-Encoding: chunked\r\n"));
                byte[] body = client.read(request.body().length());
                assertThat(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(request.body());

                EchoUpstream.Received received = edge.upstream().next();
                assertThat(received.head()).contains(" " + request.path() + " HTTP/1.1\r\n");
                assertThat(received.bodyText()).isEqualTo(request.body());
            }
            sender.join();
        }
    }

    @Test
    void passesAHeadThatComesByteByByte() throws Exception {
        edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        String own = "zZ:1\r\nX-\u0060odd:  \t v \u00ff \t\r\nCookie: a=b\r\nzz: 2\r\nX-Empty:\r\n";

        try (RawClient client = edge.gateway().client()) {
            Dribble.send(edge.gateway(), client, bytes("M-SEARCH /x HTTP/1.1\r\nHost: a\r\n" + own + "\r\n"), () -> 1);
            assertThat(client.readResponse().status()).isEqualTo(200);
        }

        assertThat(edge.upstream().next().head())
                .startsWith("M-SEARCH /x HTTP/1.1\r\n")
                .endsWith("\r\n" + own + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 4000})
    void passesBodiesOfAllByteValuesBothWays(int times) throws Exception {
        byte[] body = everyByteValue(times);
        byte[] request =
                concat(bytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n"), body);

        try (RawClient client = edge.gateway().client()) {
            Thread sender = new Thread(() -> client.send(request));
            sender.start();
            client.readHead();
            assertThat(client.read(body.length)).isEqualTo(body);
            sender.join();
        }
    }

    @Test
    void passesChunksOfAllByteValuesBothWays() throws Exception {
        byte[] content = everyByteValue(64);
        String chunks = chunks(new String(content, StandardCharsets.ISO_8859_1), new Random(3));

        var received = edge.accepts("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

        assertThat(received.bodyText()).isEqualTo(chunks);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    // ---- responses

    static Stream<Arguments> responses() {
        return Stream.of(
                Arguments.of("reason", "HTTP/1.1 200 Sehr \u00e9 (gut)!\r\nContent-Length: 0\r\n\r\n", ""),
                Arguments.of("empty reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", ""),
                Arguments.of("unknown status", "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nab", "ab"),
                Arguments.of("odd status", "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 1\r\n\r\n\0", "\0"),
                Arguments.of("204", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", ""),
                Arguments.of("304", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 1234\r\n\r\n", ""),
                Arguments.of(
                        "lines",
                        "HTTP/1.1 200 OK\r\nzZ:1\r\nx-ODD:  \t v \u00ff \t\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\nX-Empty:\r\n"
                                + "Content-Type: text/plain\r\nDate: now\r\nServer: x\r\nContent-Length: 1\r\n\r\nx",
                        "x"),
                Arguments.of(
                        "chunks",
                        "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\r\n\r\n1\r\nb\r\n0\r\nX-T: 1\r\n\r\n",
                        "3\r\na\r\n\r\n1\r\nb\r\n0\r\nX-T: 1\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void passesAResponseByteForByte(String name, String response, String body) {
        try (RawUpstream upstream = RawUpstream.answering(response);
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String head = client.readHead();
                assertThat(new String(client.read(body.length()), StandardCharsets.ISO_8859_1))
                        .isEqualTo(body);

                String ends = response.substring(0, response.indexOf("\r\n\r\n") + 2);
                String lines = ends.replace("Transfer-Encoding: chunked\r\n", "");
                assertThat(head).startsWith(lines).contains("\r\nConnection: keep-alive\r\n");
                assertThat(head.contains("\r\nTransfer-Encoding: chunked\r\n")).isEqualTo(ends.contains("chunked"));
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void passesAResponseThatComesByteByByte(String name, String response, String body) {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        for (byte b : bytes(response)) {
                            peer.write(new byte[] {b});
                            Thread.yield();
                        }
                    }
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String line = response.substring(0, response.indexOf("\r\n") + 2);
                assertThat(client.readHead()).startsWith(line);
                assertThat(new String(client.read(body.length()), StandardCharsets.ISO_8859_1))
                        .isEqualTo(body);
            }
        }
    }

    @Test
    void keepsTheLengthOfAHeadResponse() throws Exception {
        try (RawUpstream upstream =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: x\r\n\r\n");
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                RawClient.Response response = client.readResponse(true);

                assertThat(response.header("Content-Length")).contains("12345");
                assertThat(upstream.nextHead()).startsWith("HEAD / ");
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void saysThatAHeadResponseWouldBeChunked() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                RawClient.Response response = client.readResponse(true);

                assertThat(response.header("Transfer-Encoding")).contains("chunked");
            }
        }
    }

    @Test
    void passesHalfAChunkOnAtOnce() {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf");
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();

            assertThat(client.read(8)).isEqualTo(bytes("ff\r\nhalf"));
        }
    }

    @Test
    void passesABodyThatEndsWithTheConnection() {
        byte[] body = everyByteValue(2000);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nX: y\r\n\r\n");
                    peer.write(body);
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 200 OK\r\nX: y\r\n")
                    .contains("Connection: close");
            assertThat(client.readToEnd()).isEqualTo(body);
        }
    }

    @Test
    void answersWholePipelinedRequestsOfAClientThatSendsNoMore() throws Exception {
        edge.accepts("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        try (RawClient client = edge.gateway().client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3")
                    .endOutput();

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }
}
