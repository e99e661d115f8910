package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ProxySettings;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What clients see of a gateway that stops. */
class DrainIT {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n";

    @Test
    void answersTheRequestThatWasOnItsWayAndSaysThatItIsTheLast() throws Exception {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            assertThat(client.send(REQUEST).readResponse().header("Connection")).contains("keep-alive");

            CompletableFuture<Void> drained = gateway.server().drain().toCompletableFuture();
            RawClient.Response last = client.send(REQUEST).readResponse();

            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("Connection")).contains("close");
            assertThat(client.readToEnd()).isEmpty();
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void lastsUntilTheLastByteHasLeft() throws Exception {
        int length = 4 * 1024 * 1024;
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send(REQUEST).readHead();

            CompletableFuture<Long> openAtItsEnd =
                    gateway.server().drain().toCompletableFuture().thenApply(drained -> gateway.openConnections());

            assertThat(client.readToEnd()).hasSize(length);
            assertThat(openAtItsEnd.get(10, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void endsConnectionsThatSendNoMore() throws Exception {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream);
                RawClient used = gateway.client();
                RawClient unused = gateway.client()) {
            used.send(REQUEST).readResponse();

            gateway.server().drain().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(used.readToEnd()).isEmpty();
            assertThat(unused.readToEnd()).isEmpty();
        }
    }

    @Test
    void answersOnAConnectionThatWasAcceptedButNotStartedWhenTheDrainBegan() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream)) {
            gateway.group().loops().forEach(loop -> loop.execute(() -> await(goOn)));
            try (RawClient client = gateway.client();
                    RawClient silent = gateway.client()) {
                client.send(REQUEST);
                Awaitility.await().until(() -> gateway.group().connections() == 2);

                CompletableFuture<Void> drained = gateway.server().drain().toCompletableFuture();
                goOn.countDown();

                RawClient.Response last = client.readResponse();
                assertThat(last.status()).isEqualTo(200);
                assertThat(last.header("Connection")).contains("close");
                assertThat(client.readToEnd()).isEmpty();
                assertThat(silent.readToEnd()).isEmpty();
                drained.get(10, TimeUnit.SECONDS);
            } finally {
                goOn.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endsAConnectionWhoseResponseHadBegunBeforeTheDrain() throws Exception {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                    goOn.join();
                    peer.write("b");
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            assertThat(client.send(REQUEST).readHead()).contains("keep-alive");

            CompletableFuture<Void> drained = gateway.server().drain().toCompletableFuture();
            goOn.complete(null);

            assertThat(client.readToEnd()).asString().isEqualTo("ab");
            drained.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void cutsOffWhatTakesTooLongAndLogsIt() throws Exception {
        BlockingQueue<String> logged = new LinkedBlockingQueue<>();
        ExchangeLog log = exchange ->
                logged.add(exchange.request().path() + " " + exchange.response().status());
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    boolean half = peer.readHead().startsWith("GET /half ");
                    peer.write(half ? "HTTP/1.1 200 OK\r\n\r\nhalf" : "HTTP/1.1 103 Early Hints\r\n\r\n");
                    peer.read();
                });
                TestGateway gateway = TestGateway.start(Configs.to(upstream.port()), ProxySettings.DEFAULT, log);
                RawClient half = gateway.client();
                RawClient hinted = gateway.client();
                RawClient idle = gateway.client()) {
            half.send("GET /half HTTP/1.0\r\n\r\n").readHead();
            assertThat(half.read(4)).asString().isEqualTo("half");
            assertThat(hinted.send("GET /hinted HTTP/1.1\r\nHost: a\r\n\r\n").readHead())
                    .contains(" 103 ");
            idle.send("GET /unfinished HTTP/1.1\r\n");

            CompletableFuture<Void> drained = gateway.server().drain().toCompletableFuture();
            gateway.server().cutOff();

            assertThat(half.ending(5_000)).isEqualTo("reset");
            RawClient.Response told = hinted.readResponse();
            assertThat(told.status()).isEqualTo(503);
            assertThat(told.header("Connection")).contains("close");
            assertThat(told.body()).contains("The gateway is stopping");
            drained.get(10, TimeUnit.SECONDS);
            assertThat(logged).containsExactlyInAnyOrder("/half 200", "/hinted 503");
        }
    }
}
