package io.sluice.node.http;

import io.sluice.state.model.IpText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client connection.
 *
 * @param address the peer's address, and {@code ip} its text
 * @param localPort the port of the listener it came in by
 * @param session null without TLS
 */
public record ConnectionPeer(
        InetAddress address,
        String ip,
        int port,
        int localPort,
        @Nullable TlsSession session) {

    static ConnectionPeer of(InetSocketAddress peer, int localPort) {
        return new ConnectionPeer(
                peer.getAddress(), IpText.of(peer.getAddress().getAddress()), peer.getPort(), localPort, null);
    }

    /** The same peer over TLS. */
    public ConnectionPeer over(TlsSession newSession) {
        return new ConnectionPeer(address, ip, port, localPort, newSession);
    }

    /** Whether it came in by TLS. */
    public boolean tls() {
        return session != null;
    }
}
