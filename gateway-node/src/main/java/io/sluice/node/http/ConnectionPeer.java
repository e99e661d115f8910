package io.sluice.node.http;

import io.sluice.state.model.IpText;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who is at the other end of a client connection.
 *
 * @param address the peer's address, and {@code ip} its text
 * @param localPort the port of the listener it came in by
 */
public record ConnectionPeer(InetAddress address, String ip, int port, int localPort, boolean tls) {

    static ConnectionPeer of(InetSocketAddress peer, int localPort) {
        return new ConnectionPeer(
                peer.getAddress(), IpText.of(peer.getAddress().getAddress()), peer.getPort(), localPort, false);
    }
}
