package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The client of the warm-up that speaks HTTP/2. */
class WarmHttp2IT {

    private static final byte[] REQUEST = ProxyContext.ascii("GET /warm HTTP/1.1\r\nHost: warm.test\r\n\r\n");

    @Test
    void asksAgainUntilItIsToldToStop() throws Exception {
        try (EchoUpstream upstream = new EchoUpstream();
                TestGateway gateway = TestGateway.to(upstream.server())) {
            InetSocketAddress address = gateway.listenHttp2();
            AtomicInteger asked = new AtomicInteger();
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                new WarmHttp2(REQUEST).run(socket, () -> asked.incrementAndGet() < 300);
            }

            assertThat(upstream.pending()).isEqualTo(300);
            assertThat(upstream.next().head()).startsWith("GET /warm HTTP/1.1\r\n");
        }
    }
}
