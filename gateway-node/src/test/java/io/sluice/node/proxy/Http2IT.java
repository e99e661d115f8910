package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2IT {

    private static final CertifiedKey KEY =
            TestAuthority.root("authority").issue("localhost").read();

    private EchoUpstream upstream;
    private TestGateway gateway;
    private InetSocketAddress plain;

    @BeforeEach
    void start() {
        upstream = new EchoUpstream();
        gateway = TestGateway.to(upstream.server());
        plain = gateway.listenHttp2();
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private RawHttp2 client() {
        return RawHttp2.connect(plain).begin();
    }

    private HttpClient jdkClient() {
        return HttpClient.newBuilder()
                .sslContext(TlsClient.create().context())
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    @Test
    void servesRequestsOfOneConnectionOneAfterTheOther() throws Exception {
        try (RawHttp2 client = client()) {
            for (int stream = 1; stream < 50; stream += 2) {
                RawHttp2.Response response =
                        client.get(stream, "/p?q=" + stream).response(stream);

                assertThat(response.status()).isEqualTo(200);
                assertThat(upstream.next().head()).startsWith("GET /p?q=" + stream + " HTTP/1.1\r\nHost: ");
            }
        }
    }

    @Test
    void tellsTheUpstreamAndTheClientOfHttp2() throws Exception {
        try (RawHttp2 client = client()) {
            RawHttp2.Response response = client.get(1, "/", "cookie: a=1", "cookie: b=2", "x-some: Value")
                    .response(1);
            String head = upstream.next().head();

            assertThat(head).contains("\r\nVia: 2 kong/").contains("\r\ncookie: a=1; b=2\r\n");
            assertThat(head).contains("\r\nx-some: Value\r\n").contains("\r\nX-Forwarded-Host: a\r\n");
            assertThat(response.fields())
                    .anyMatch(field -> field.startsWith("via: 1.1 kong/"))
                    .noneMatch(field -> field.startsWith("connection") || field.startsWith("transfer-encoding"));
            assertThat(response.fields()).contains("content-length: 0");
        }
    }

    /** RFC 7541 section 4.2: who wants a smaller table takes no header block that does not heed it. */
    @Test
    void tellsAClientWithASmallTableForHeadersThatItStaysEmpty() {
        byte emptied = 0x20;
        try (RawHttp2 client = client()) {
            byte[] before = client.get(1, "/").await(RawHttp2.HEADERS, 1).payload();
            client.settings(1, 100).settings(1, 0).get(3, "/");
            byte[] told = client.await(RawHttp2.HEADERS, 3).payload();
            byte[] after = client.get(5, "/").await(RawHttp2.HEADERS, 5).payload();

            assertThat(before[0]).isNotEqualTo(emptied);
            assertThat(told[0]).isEqualTo(emptied);
            assertThat(after[0]).isNotEqualTo(emptied);
            assertThat(client.get(7, "/").response(7).status()).isEqualTo(200);
        }
    }

    @Test
    void keepsTheLengthOfABodyTowardsTheUpstream() throws Exception {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "content-length: 11"));
            client.data(1, false, "hello ").data(1, true, "world");
            RawHttp2.Response response = client.response(1);
            EchoUpstream.Received received = upstream.next();

            assertThat(received.head()).contains("\r\ncontent-length: 11\r\n").doesNotContain("ransfer-");
            assertThat(received.bodyText()).isEqualTo("hello world");
            assertThat(response.body()).isEqualTo("hello world");
        }
    }

    @Test
    void sendsABodyWithoutLengthInChunksAsItsFramesCome() throws Exception {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/"));
            client.data(1, false, "hello ").data(1, true, "world");
            RawHttp2.Response response = client.response(1);

            assertThat(upstream.next().bodyText()).isEqualTo("6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
            assertThat(response.body()).isEqualTo("hello world");
        }
    }

    @Test
    void passesTrailersBothWays() throws Exception {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "te: trailers"));
            client.data(1, false, "x").headers(1, true, RawHttp2.block("x-sum: 12", "authorization: no"));
            RawHttp2.Response response = client.response(1);
            EchoUpstream.Received received = upstream.next();

            assertThat(received.bodyText()).isEqualTo("1\r\nx\r\n0\r\nx-sum: 12\r\n\r\n");
            assertThat(received.head()).contains("\r\nTE: trailers\r\n");
            assertThat(response.trailers()).containsExactly("x-sum: 12");
        }
    }

    @Test
    void answersHeadWithoutBody() {
        try (RawHttp2 client = client()) {
            RawHttp2.Response response = client.headers(1, true, RawHttp2.request("HEAD", "/no/route"))
                    .response(1);

            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void givesOwnAnswersAndGoesOn() {
        gateway.configure(Configs.of(List.of(), List.of(), List.of()));
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/")).data(1, true, "x".repeat(10_000));
            RawHttp2.Response first = client.response(1);
            RawHttp2.Response second = client.get(3, "/").response(3);

            assertThat(first.status()).isEqualTo(404);
            assertThat(first.body()).contains("no Route matched with those values");
            assertThat(second.status()).isEqualTo(404);
        }
    }

    @Test
    void servesHttp1OnTheSamePort() {
        try (RawClient client = RawClient.connect(plain)) {
            client.send("P").send("OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(client.readResponse().body()).isEqualTo("hi");
        }
    }

    @Test
    void knowsThePrefaceByAnyPiecesOfIt() {
        try (RawHttp2 client = RawHttp2.connect(plain)) {
            for (char c : RawHttp2.PREFACE.toCharArray()) {
                client.send(new byte[] {(byte) c});
            }
            client.settings();

            assertThat(client.get(1, "/").response(1).status()).isEqualTo(200);
        }
    }

    @Test
    void doesNotSpeakHttp2WhereItIsNotAskedTo() {
        assertThat(gateway.exchange(RawHttp2.PREFACE).status()).isEqualTo(505);
    }

    @Test
    void servesAClientOfTheJdkOverTls() throws Exception {
        InetSocketAddress tls = gateway.listenTlsHttp2(KEY);
        HttpClient client = jdkClient();
        URI uri = URI.create("https://localhost:" + tls.getPort() + "/x");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString("body " + i + "x".repeat(i * 300)))
                    .build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }

        for (int i = 0; i < answers.size(); i++) {
            HttpResponse<String> answer = answers.get(i).get();
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("body " + i + "x".repeat(i * 300));
        }
    }

    @Test
    void passesLargeBodiesBothWaysOverTls() throws Exception {
        InetSocketAddress tls = gateway.listenTlsHttp2(KEY);
        byte[] body = new byte[5_000_000];
        new java.util.Random(1).nextBytes(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + tls.getPort() + "/large"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();

        HttpResponse<byte[]> answer = jdkClient().send(request, HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void offersHttp1OverTlsAsBefore() throws Exception {
        InetSocketAddress tls = gateway.listenTlsHttp2(KEY);
        try (RawClient client =
                RawClient.over(TlsClient.create().applications("http/1.1").connect(tls, "localhost"))) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void warnsAndThenEndsTheConnectionWhenItDrains() {
        try (RawHttp2 client = client()) {
            client.get(1, "/").response(1);
            client.headers(3, false, RawHttp2.request("POST", "/", "content-length: 2"));
            Awaitility.await().until(() -> gateway.activeRequests() == 1);
            var drained = gateway.server().drain();
            RawHttp2.Frame warning = client.await(RawHttp2.GOAWAY, 0);
            RawHttp2.Frame ping = client.await(RawHttp2.PING, 0);
            client.frame(RawHttp2.PING, 1, 0, ping.payload());
            RawHttp2.Frame last = client.await(RawHttp2.GOAWAY, 0);
            client.data(3, true, "ok");
            RawHttp2.Response response = client.response(3);

            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(last.number(0)).isEqualTo(3);
            assertThat(response.body()).isEqualTo("ok");
            assertThat(client.read()).isNull();
            Awaitility.await().until(() -> drained.toCompletableFuture().isDone());
        }
    }

    @Test
    void tellsTheUpstreamWhenTheClientGivesUp() {
        try (RawUpstream silent = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.readHead();
                });
                TestGateway own = TestGateway.to(silent);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin()) {
            client.get(1, "/");
            Awaitility.await().until(() -> silent.connections() == 1);
            client.frame(RawHttp2.RST_STREAM, 0, 1, RawHttp2.number(8));

            Awaitility.await().until(() -> own.activeRequests() == 0);
        }
    }

    @Test
    void warnsBeforeTheLastRequestOfAConnection() {
        ClientSettings client = ClientSettings.DEFAULT;
        ClientSettings two = new ClientSettings(
                client.headerBytes(),
                client.requestLineBytes(),
                client.headerLineBytes(),
                client.headerCount(),
                client.bodyBytes(),
                client.headerTimeout(),
                client.bodyTimeout(),
                client.minimumBodyRate(),
                client.idleTimeout(),
                client.sendTimeout(),
                2,
                client.connections());
        ProxySettings settings = ClientRules.of(two);
        try (TestGateway own = TestGateway.start(Configs.to(upstream.server().port()), settings, List.of());
                RawHttp2 raw = RawHttp2.connect(own.listenHttp2()).begin()) {
            raw.get(1, "/").response(1);
            raw.get(3, "/").get(5, "/");
            assertThat(raw.await(RawHttp2.GOAWAY, 0).number(0)).isEqualTo(Integer.MAX_VALUE);
            RawHttp2.Frame ping = raw.await(RawHttp2.PING, 0);

            assertThat(raw.response(5).status()).isEqualTo(200);
            raw.frame(RawHttp2.PING, 1, 0, ping.payload());
            assertThat(raw.await(RawHttp2.GOAWAY, 0).number(0)).isEqualTo(5);
            assertThat(raw.read()).isNull();
        }
    }
}
