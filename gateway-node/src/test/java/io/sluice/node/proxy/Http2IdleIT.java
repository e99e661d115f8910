package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What connections of HTTP/2 cost that nobody uses at the moment. */
class Http2IdleIT {

    private static final int CONNECTIONS = 40;
    private static final int STREAMS = 16;
    private static final int INITIAL_WINDOW = 4;

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void keepLittleAfterManyStreamsAtATime() {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n" + "x".repeat(16_000);
        List<RawHttp2> clients = new ArrayList<>();
        try (RawUpstream upstream = RawUpstream.answering(answer);
                TestGateway gateway = TestGateway.to(upstream)) {
            var address = gateway.listenHttp2();
            long before = used();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(useAll(RawHttp2.connect(address).begin(INITIAL_WINDOW, 1)));
            }

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> used() - before < 8_000_000);
            assertThat(gateway.openConnections()).isEqualTo(CONNECTIONS);
        } finally {
            clients.forEach(RawHttp2::close);
        }
    }

    /** Lets every stream wait for its window with most of its answer. */
    private static RawHttp2 useAll(RawHttp2 client) {
        for (int i = 0; i < STREAMS; i++) {
            client.get(2 * i + 1, "/");
        }
        for (int heads = 0; heads < STREAMS; ) {
            heads += client.read().type() == RawHttp2.HEADERS ? 1 : 0;
        }
        client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 20)).settings(INITIAL_WINDOW, 1 << 20);
        for (int ends = 0; ends < STREAMS; ) {
            ends += client.read().ends() ? 1 : 0;
        }
        return client;
    }
}
