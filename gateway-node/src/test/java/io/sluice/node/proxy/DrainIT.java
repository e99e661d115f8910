package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
}
