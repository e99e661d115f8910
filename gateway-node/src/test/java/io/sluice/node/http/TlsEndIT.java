package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawUpstream;
import io.sluice.node.proxy.TestGateway;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.TlsRules;
import io.sluice.node.tls.UpstreamTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How TLS connections end, seen by a client that tells a close_notify from a mere end. */
class TlsEndIT {

    private record End(String received, boolean closeNotify) {}

    private static End exchange(InetSocketAddress address, String request) throws Exception {
        TlsProfile profile = TlsProfile.of(new TlsProfile.Rules(false, 1, List.of(), null), UpstreamTrust.DEFAULT);
        TlsBuffers buffers = new TlsBuffers(64 * 1024);
        TlsChannel channel = new TlsChannel(profile.engine("up.test", 443), buffers);
        OutBuffer out = OutBuffer.onHeap(64 * 1024);
        ByteWriter got = new ByteWriter(1024);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            channel.begin(out);
            boolean asked = false;
            byte[] bytes = new byte[16 * 1024];
            int n = 0;
            while (n >= 0) {
                flush(out, socket);
                n = read(socket, bytes);
                ByteBuffer plain = buffers.plain();
                channel.received(ByteBuffer.wrap(bytes, 0, Math.max(n, 0)), plain, out);
                while (channel.wantsTasks()) {
                    channel.runTasks();
                    channel.tasksDone(plain, out);
                }
                got.put(plain.flip());
                if (channel.established() && !asked) {
                    asked = true;
                    channel.send(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)), out);
                }
            }
        }
        return new End(new String(got.array(), 0, got.length(), StandardCharsets.ISO_8859_1), channel.inputEnded());
    }

    private static int read(Socket socket, byte[] bytes) {
        try {
            return socket.getInputStream().read(bytes);
        } catch (IOException e) {
            return -1; // a reset
        }
    }

    private static void flush(OutBuffer out, Socket socket) throws IOException {
        if (!out.isEmpty()) {
            ByteWriter copy = new ByteWriter(out.length());
            out.copyFrom(0, copy);
            out.clear();
            socket.getOutputStream().write(Arrays.copyOf(copy.array(), copy.length()));
        }
    }

    @Test
    void theEndOfAWholeAnswerIsSaid() throws Exception {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream)) {
            InetSocketAddress address = gateway.listenTls(TlsRules.DEFAULT, CertifiedKey.selfSigned(Instant.now()));

            End end = exchange(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(end.received()).startsWith("HTTP/1.1 200").endsWith("ok");
            assertThat(end.closeNotify()).isTrue();
        }
    }

    @Test
    void theEndOfACutOffAnswerIsNotSaid() throws Exception {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of");
                });
                TestGateway gateway = TestGateway.to(upstream)) {
            InetSocketAddress address = gateway.listenTls(TlsRules.DEFAULT, CertifiedKey.selfSigned(Instant.now()));

            End end = exchange(address, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");

            assertThat(end.closeNotify()).isFalse();
        }
    }
}
