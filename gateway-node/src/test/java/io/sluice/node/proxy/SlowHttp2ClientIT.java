package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.settings.ClientSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/2 that take their time, as {@link SlowClientIT} has them over HTTP/1.1. */
class SlowHttp2ClientIT {

    private static final int NO_ERROR = 0;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int BEGINNING = 12;
    private static final ScheduledExecutorService DRIP = Executors.newSingleThreadScheduledExecutor();

    private static RawUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                if (Heads.target(head).equals("/good")) {
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                } else {
                    peer.read(100_000); // until the gateway gives up
                }
            }
        });
        gateway = TestGateway.start(
                Configs.to(upstream.port()), ClientRules.impatient(ClientSettings.DEFAULT.requests()), List.of());
    }

    @AfterEach
    void aliveAndEmpty() {
        try (RawHttp2 client = client()) {
            assertThat(client.get(1, "/good").response(1).body()).isEqualTo("ok");
        }
        await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
    }

    @AfterAll
    static void stop() {
        DRIP.shutdownNow();
        gateway.close();
        upstream.close();
    }

    private static RawHttp2 client() {
        return RawHttp2.connect(gateway.listenHttp2()).begin();
    }

    /** Sends one piece after the other every so often until the connection refuses it. */
    private static void drip(RawHttp2 client, byte[] piece) {
        DRIP.scheduleAtFixedRate(() -> client.send(piece), 0, 20, TimeUnit.MILLISECONDS);
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void aHeaderBlockThatDripsHasADeadline() {
        try (RawHttp2 client = client()) {
            long begin = System.nanoTime();
            client.headers(1, false, RawHttp2.request("POST", "/held")); // somebody is served meanwhile
            client.frame(RawHttp2.HEADERS, 0, 3, RawHttp2.request("GET", "/never"));
            DRIP.schedule(
                    () -> client.frame(RawHttp2.CONTINUATION, 0, 3, RawHttp2.block("a: b")),
                    300,
                    TimeUnit.MILLISECONDS);

            assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(millisSince(begin)).isBetween(500L, 3_000L);
        }
    }

    @Test
    void aFrameThatDripsHasADeadline() {
        byte[] head = RawHttp2.frameBytes(RawHttp2.HEADERS, 5, 3, new byte[16_000]);
        try (RawHttp2 client = client()) {
            long begin = System.nanoTime();
            client.headers(1, true, RawHttp2.request("GET", "/held"));
            client.send(Arrays.copyOf(head, 9));
            drip(client, new byte[1]);

            assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(millisSince(begin)).isBetween(500L, 3_000L);
        }
    }

    /** Every read ends within a frame, which is nobody's fault. */
    @Test
    void framesThatEndInTimeMayFollowEachOtherForLong() {
        try (RawHttp2 client = client()) {
            long begin = System.nanoTime();
            int stream = 1;
            client.send(Arrays.copyOf(good(stream), BEGINNING));
            while (millisSince(begin) < 1_500) {
                byte[] rest = good(stream);
                byte[] next = good(stream + 2);
                client.send(ByteBuffer.allocate(rest.length)
                        .put(rest, BEGINNING, rest.length - BEGINNING)
                        .put(next, 0, BEGINNING)
                        .array());
                assertThat(client.response(stream).body()).isEqualTo("ok");
                stream += 2;
            }
        }
    }

    private static byte[] good(int stream) {
        return RawHttp2.frameBytes(RawHttp2.HEADERS, 5, stream, RawHttp2.request("GET", "/good"));
    }

    @Test
    void aBodyThatDripsHasAMinimumRate() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "content-length: 100000"));
            drip(client, RawHttp2.frameBytes(RawHttp2.DATA, 0, 1, new byte[1]));

            assertThat(client.response(1).status()).isEqualTo(408);
            assertThat(client.get(3, "/good").response(3).status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatStopsIsGivenUp() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "content-length: 10"))
                    .data(1, false, "abc");

            assertThat(client.response(1).status()).isEqualTo(408);
            assertThat(client.get(3, "/good").response(3).status()).isEqualTo(200);
        }
    }

    @Test
    void aConnectionThatStaysIdleIsEnded() {
        try (RawHttp2 fresh = client();
                RawHttp2 used = client()) {
            assertThat(used.get(1, "/good").response(1).status()).isEqualTo(200);

            assertThat(fresh.goAwayCode()).isEqualTo(NO_ERROR);
            assertThat(used.goAwayCode()).isEqualTo(NO_ERROR);
        }
    }
}
