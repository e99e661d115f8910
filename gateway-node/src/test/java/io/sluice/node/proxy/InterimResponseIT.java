package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1xx, 100-continue, and answers that come before the request has ended. */
class InterimResponseIT {

    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static RawUpstream saying(String bytes) {
        return RawUpstream.answering(bytes);
    }

    @Test
    void passesHintsOnAndKeepsThemApart() {
        try (RawUpstream upstream = saying(HINTS + "HTTP/1.1 102 Processing\r\n\r\n" + HINTS + OK);
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.readHead()).isEqualTo(HINTS);
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 102 Processing\r\n\r\n");
                assertThat(client.readHead()).isEqualTo(HINTS);
                RawClient.Response response = client.readResponse();
                assertThat(response.body()).isEqualTo("ok");
                assertThat(response.header("Link")).isEmpty();
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void passesNoInterimResponseToAnOldClient() {
        try (RawUpstream upstream = saying(HINTS + "HTTP/1.1 100 Continue\r\n\r\n" + OK);
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void logsAClientThatLeavesAfterAnInterimResponseAsGone() throws InterruptedException {
        BlockingQueue<Integer> logged = new LinkedBlockingQueue<>();
        ExchangeLog log = exchange -> logged.add(exchange.response().status());
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write(HINTS);
                    peer.read();
                });
                TestGateway gateway = TestGateway.start(Configs.to(upstream.port()), ProxySettings.DEFAULT, log);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();

            client.reset();

            assertThat(logged.poll(10, TimeUnit.SECONDS)).isEqualTo(499);
        }
    }

    @Test
    void answers502AfterHintsWithoutAResponse() {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write(HINTS);
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readHead()).isEqualTo(HINTS);
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    @Test
    void invitesABodyThatWaits() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.read(4);
                    peer.write("HTTP/1.1 100 Continue\r\n\r\n" + OK);
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("body");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(Heads.values(upstream.nextHead(), "Expect")).isEmpty();
        }
    }

    @Test
    void invitesABodyThatWaitsForAHostName() {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.read(4);
                    peer.write(OK);
                    peer.read();
                });
                TestGateway gateway = TestGateway.start(named(upstream.port()));
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("body");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    private static GatewayConfig named(int port) {
        return Configs.services(
                Configs.to(port),
                s -> new Service(
                        s.id(),
                        s.name(),
                        Protocol.HTTP,
                        "localhost",
                        port,
                        null,
                        0,
                        5_000,
                        5_000,
                        5_000,
                        null,
                        null,
                        null,
                        List.of(),
                        true,
                        List.of(),
                        0,
                        0));
    }

    @Test
    void doesNotInviteABodyThatIsComing() {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.read(4);
                    peer.write(OK);
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void doesNotInviteABodyThatNobodyWants() {
        try (TestGateway gateway = TestGateway.start(GatewayConfig.EMPTY);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 404 Not Found\r\n")
                    .contains("Connection: close\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {413, 417, 401, 200})
    void passesAnAnswerThatComesBeforeTheBody(int status) {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\nearly");
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            RawClient.Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("early");
            assertThat(response.header("Connection")).contains("close");
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 16_000_000})
    void passesAnAnswerToAClientThatFirstSendsEverything(int length) {
        for (int i = 0; i < 5; i++) {
            try (RawUpstream upstream = RawUpstream.start(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
                        peer.close(); // with unread bytes: a reset follows
                    });
                    TestGateway gateway = TestGateway.to(upstream);
                    RawClient client = gateway.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
                client.send(new byte[length]);
                RawClient.Response response = client.readResponse();

                assertThat(response.status()).isEqualTo(413);
                assertThat(response.body()).isEqualTo("large");
            }
        }
    }

    @Test
    void passesAnAnswerFromAnUpstreamThatStopsReading() {
        CompletableFuture<Void> full = new CompletableFuture<>();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    full.join();
                    peer.write("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
                    peer.close();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 64000000\r\n\r\n");
            Thread sender = new Thread(() -> client.trySend("x".repeat(64_000_000)));
            sender.setDaemon(true);
            sender.start();
            awaitQuiet(gateway);
            full.complete(null);

            RawClient.Response response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("large");
        }
    }

    /** Waits until no more bytes come in: every buffer on the way is full. */
    private static void awaitQuiet(TestGateway gateway) {
        long[] last = {-1};
        await().pollInterval(java.time.Duration.ofMillis(50)).until(() -> {
            long now = gateway.group().loops().stream()
                    .mapToLong(loop -> loop.counters().bytesIn())
                    .sum();
            boolean quiet = now > 100_000 && now == last[0];
            last[0] = now;
            return quiet;
        });
    }

    @Test
    void neverAddsASecondHeadToAResponseWhoseUploadBreaks() {
        CompletableFuture<Void> full = new CompletableFuture<>();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
                    full.join();
                    peer.reset();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 64000000\r\n\r\n");
            Thread sender = new Thread(() -> client.trySend("x".repeat(64_000_000)));
            sender.setDaemon(true);
            sender.start();
            awaitQuiet(gateway);
            full.complete(null);

            String got = client.untilEnd();
            assertThat(got)
                    .contains("200 OK")
                    .containsPattern("begun\\((end|reset)\\)$")
                    .doesNotContain("502");
            await().until(() -> gateway.activeRequests() == 0);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }
}
