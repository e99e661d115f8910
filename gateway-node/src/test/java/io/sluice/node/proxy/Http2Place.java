package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.awaitility.Awaitility;

/** A gateway that speaks HTTP/2 before an upstream, for clients that mean no good. */
final class Http2Place implements AutoCloseable {

    final EchoUpstream upstream = new EchoUpstream();
    final TestGateway gateway = TestGateway.to(upstream.server());
    private final InetSocketAddress address = gateway.listenHttp2();

    RawHttp2 client() {
        return RawHttp2.connect(address).begin();
    }

    InetSocketAddress address() {
        return address;
    }

    /** Others are served, and nothing of what was tried is left. */
    void serves() throws InterruptedException {
        Awaitility.await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
        while (upstream.pending() > 0) {
            assertThat(upstream.next().head()).doesNotContain("/smuggled");
        }
        try (RawHttp2 client = client()) {
            assertThat(client.get(1, "/good").response(1).status()).isEqualTo(200);
        }
        assertThat(upstream.next().head()).startsWith("GET /good ");
        Awaitility.await().until(() -> gateway.openConnections() == 0);
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
