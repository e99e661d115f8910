package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are tried again, and how long a try may take (kong-3, section 3.5). */
class RetryIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static GatewayConfig config(int port, int retries, int timeoutMillis) {
        return Configs.of(
                List.of(Configs.service("s", port, null, retries, timeoutMillis)),
                List.of(Configs.route("r", "s", "/")),
                List.of());
    }

    private static Service timeouts(Service s, int connect, int write, int read) {
        return new Service(
                s.id(),
                s.name(),
                Protocol.HTTP,
                s.host(),
                s.port(),
                s.path(),
                s.retries(),
                connect,
                write,
                read,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0);
    }

    private static String request(String method, String body) {
        String length = method.equals("GET") && body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        return method + " / HTTP/1.1\r\nHost: a\r\n" + length + "\r\n" + body;
    }

    /** An upstream whose first connections go wrong after the request. */
    private static RawUpstream failing(int times, AtomicInteger seen, RawUpstream.Script failure) {
        return RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                int length = Integer.parseInt(Heads.values(head, "Content-Length").stream()
                        .findFirst()
                        .orElse("0"));
                peer.read(length);
                if (seen.incrementAndGet() <= times) {
                    failure.run(peer);
                    return;
                }
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + Math.max(2, length) + "\r\n\r\n"
                        + (length > 2 ? "b".repeat(length) : "ok"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "PUT, 1000", "DELETE, 0", "PUT, 60000"})
    void triesAnIdempotentRequestAgainAfterAReset(String method, int length) {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = failing(2, seen, RawUpstream.Peer::reset);
                TestGateway gateway = TestGateway.start(config(upstream.port(), 2, 5_000))) {
            RawClient.Response response = gateway.exchange(request(method, "b".repeat(length)));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(length > 2 ? "b".repeat(length) : "ok");
            assertThat(seen).hasValue(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "half a head", "nonsense"})
    void triesAgainHoweverTheUpstreamFailed(String how) {
        AtomicInteger seen = new AtomicInteger();
        RawUpstream.Script failure = peer -> {
            switch (how) {
                case "close" -> peer.close();
                case "reset" -> peer.reset();
                case "half a head" -> peer.write("HTTP/1.1 200 OK\r\nConte");
                default -> peer.write("nonsense\r\n\r\n");
            }
        };
        try (RawUpstream upstream = failing(1, seen, failure);
                TestGateway gateway = TestGateway.start(config(upstream.port(), 1, 5_000))) {
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(seen).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "LOCK"})
    void sendsARequestThatMayChangeSomethingOnlyOnce(String method) {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = failing(1, seen, RawUpstream.Peer::reset);
                TestGateway gateway = TestGateway.start(config(upstream.port(), 5, 5_000))) {
            RawClient.Response response = gateway.exchange(request(method, "body"));

            assertThat(response.status()).isEqualTo(502);
            assertThat(seen).hasValue(1);
        }
    }

    @Test
    void doesNotTryAgainWhatItHasNotKept() {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = failing(1, seen, RawUpstream.Peer::reset);
                TestGateway gateway = TestGateway.start(config(upstream.port(), 5, 5_000))) {
            RawClient.Response response = gateway.exchange(request("PUT", "b".repeat(200_000)));

            assertThat(response.status()).isEqualTo(502);
            assertThat(seen).hasValue(1);
        }
    }

    @Test
    void triesAChunkedBodyAgain() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    byte[] body = peer.read(20);
                    if (seen.incrementAndGet() == 1) {
                        peer.reset();
                    } else {
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
                        peer.write(body);
                        peer.read();
                    }
                });
                TestGateway gateway = TestGateway.start(config(upstream.port(), 1, 5_000))) {
            String body = "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n".substring(0, 21);
            RawClient.Response response = gateway.exchange(
                    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");

            assertThat(response.body()).isEqualTo(body.substring(0, 20));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 3", "POST, 1"})
    void answers504AfterEveryTryTimedOut(String method, int tries) {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = failing(100, seen, RawUpstream.Peer::read);
                TestGateway gateway = TestGateway.start(config(upstream.port(), 2, 200))) {
            long begin = System.nanoTime();
            RawClient.Response response = gateway.exchange(request(method, method.equals("GET") ? "" : "body"));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            assertThat(response.status()).isEqualTo(504);
            assertThat(response.body()).contains("The upstream server is timing out");
            await().until(() -> seen.get() >= tries); // the last one may be read after it was given up
            assertThat(seen).hasValue(tries);
            assertThat(took).isBetween(Duration.ofMillis(190L * tries), Duration.ofMillis(200L * tries + 1_500));
            assertThat(Integer.parseInt(
                            response.header("X-Kong-Upstream-Latency").orElseThrow()))
                    .isGreaterThanOrEqualTo(190 * tries);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void answers502WhenEveryConnectionIsRefused(String method) throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        List<Integer> tries = new ArrayList<>();
        try (TestGateway gateway =
                TestGateway.start(config(port, 2, 5_000), io.sluice.node.settings.ProxySettings.DEFAULT, (ExchangeLog)
                        exchange -> tries.add(exchange.tries().size()))) {
            RawClient.Response response = gateway.exchange(request(method, method.equals("GET") ? "" : "body"));

            assertThat(response.status()).isEqualTo(502);
            assertThat(tries).containsExactly(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void neverTriesAgainAfterAnAnswer(int status) {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = failing(
                        100, seen, peer -> peer.write("HTTP/1.1 " + status + " X\r\nContent-Length: 4\r\n\r\nmine"));
                TestGateway gateway = TestGateway.start(config(upstream.port(), 5, 5_000))) {
            RawClient.Response response = gateway.get("/");

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("mine");
            assertThat(seen).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void givesUpAConnectionThatIsNotAccepted(String method) throws IOException {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(full.getLocalSocketAddress());
                fillers.add(filler);
            }
            GatewayConfig slow = Configs.services(
                    config(full.getLocalPort(), 1, 5_000), service -> timeouts(service, 200, 5_000, 5_000));
            try (TestGateway gateway = TestGateway.start(slow)) {
                long begin = System.nanoTime();
                RawClient.Response response = gateway.exchange(request(method, method.equals("GET") ? "" : "body"));

                assertThat(response.status()).isEqualTo(504);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isBetween(Duration.ofMillis(390), Duration.ofSeconds(3));
            }
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void givesUpAnUpstreamThatDoesNotReadTheBody() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    end.join();
                });
                TestGateway gateway = TestGateway.start(Configs.services(
                        config(upstream.port(), 2, 5_000), service -> timeouts(service, 5_000, 300, 5_000)));
                RawClient client = gateway.client()) {
            int length = 64_000_000;
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            Thread sender = new Thread(() -> client.trySend("x".repeat(length)));
            sender.setDaemon(true);
            sender.start();

            assertThat(client.readResponse().status()).isEqualTo(504);
            assertThat(upstream.connections()).isEqualTo(1);
            end.complete(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, close", "GET, reset", "PUT, close", "PUT, reset", "POST, close", "POST, reset"})
    void neverShowsThatAnIdleConnectionHasEnded(String method, String how) {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    String head = peer.readHead();
                    peer.read(Integer.parseInt(Heads.values(head, "Content-Length").stream()
                            .findFirst()
                            .orElse("0")));
                    peer.write(OK);
                    if (how.equals("reset")) {
                        peer.reset();
                    }
                });
                TestGateway gateway = TestGateway.start(config(upstream.port(), 0, 5_000));
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(request(method, method.equals("GET") ? "" : "body"));
                assertThat(client.readResponse().body()).isEqualTo("ok");
                await().pollInterval(Duration.ofMillis(1)).until(() -> upstream.open() == 0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, close", "GET, reset", "PUT, close", "PUT, reset"})
    void neverShowsThatAConnectionEndedUponTheNextRequest(String method, String how) {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    for (int i = 0; ; i++) {
                        String head = peer.readHead();
                        peer.read(Integer.parseInt(Heads.values(head, "Content-Length").stream()
                                .findFirst()
                                .orElse("0")));
                        if (i > 0) {
                            if (how.equals("reset")) {
                                peer.reset();
                            }
                            return;
                        }
                        peer.write(OK);
                    }
                });
                TestGateway gateway = TestGateway.start(config(upstream.port(), 0, 5_000));
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(request(method, method.equals("GET") ? "" : "body"));
                assertThat(client.readResponse().body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void doesNotRepeatAPostThatTheUpstreamMayHaveSeen() {
        AtomicInteger seen = new AtomicInteger();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    for (int i = 0; i < 2; i++) {
                        peer.readHead();
                        peer.read(4);
                        seen.incrementAndGet();
                        if (i == 0) {
                            peer.write(OK);
                        }
                    }
                });
                TestGateway gateway = TestGateway.start(config(upstream.port(), 5, 5_000));
                RawClient client = gateway.client()) {
            assertThat(client.send(request("POST", "body")).readResponse().status())
                    .isEqualTo(200);
            assertThat(client.send(request("POST", "body")).readResponse().status())
                    .isEqualTo(502);
            assertThat(seen).hasValue(2);
        }
    }
}
