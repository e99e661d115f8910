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
 * @param told whom the peer says by the PROXY protocol that it forwards for; null if it says nothing
 * @param http2 whether it speaks HTTP/2
 */
public record ConnectionPeer(
        InetAddress address,
        String ip,
        int port,
        int localPort,
        @Nullable TlsSession session,
        @Nullable InetSocketAddress told,
        boolean http2) {

    static ConnectionPeer of(InetSocketAddress peer, int localPort) {
        return new ConnectionPeer(
                peer.getAddress(),
                IpText.of(peer.getAddress().getAddress()),
                peer.getPort(),
                localPort,
                null,
                null,
                false);
    }

    /** The same peer over TLS. */
    public ConnectionPeer over(TlsSession newSession) {
        return new ConnectionPeer(address, ip, port, localPort, newSession, told, http2);
    }

    /** The same peer, forwarding for another. */
    ConnectionPeer tells(InetSocketAddress source) {
        return new ConnectionPeer(address, ip, port, localPort, session, source, http2);
    }

    /** The same peer, once it has begun to speak HTTP/2. */
    public ConnectionPeer speakingHttp2() {
        return new ConnectionPeer(address, ip, port, localPort, session, told, true);
    }

    /** Whether it came in by TLS. */
    public boolean tls() {
        return session != null;
    }
}
