package io.sluice.node.proxy;

import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Who the client is, if a trusted peer says so (nginx's real-ip rules). Immutable. */
final class RealIp {

    private final List<Cidr> trusted;
    private final HeaderName header;
    private final boolean recursive;
    private final boolean byProxyProtocol;

    RealIp(ProxySettings settings) {
        this.trusted = settings.trustedIps();
        this.header = HeaderName.of(settings.realIpHeader());
        this.recursive = settings.realIpRecursive();
        this.byProxyProtocol = settings.realIpHeader().equals(ProxySettings.PROXY_PROTOCOL);
    }

    /** Whether what the address says about others is believed. */
    boolean trusts(InetAddress address) {
        return trusts(address.getAddress());
    }

    /** Whom a peer forwards for by the PROXY protocol, if it is trusted and that is where clients are told; else nobody. */
    Optional<InetSocketAddress> told(ConnectionPeer peer) {
        return byProxyProtocol && trusts(peer.address()) ? Optional.ofNullable(peer.told()) : Optional.empty();
    }

    private boolean trusts(byte[] address) {
        for (Cidr block : trusted) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The client's address as a trusted peer tells it; empty if it tells none. */
    Optional<InetAddress> told(Headers headers) {
        List<String> lines = byProxyProtocol ? List.of() : headers.all(header);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String[] elements = String.join(",", lines).split(",", -1);
        Optional<InetAddress> found = Optional.empty();
        for (int i = elements.length - 1; i >= 0; i--) {
            Optional<byte[]> bytes = Cidr.addressBytes(withoutPort(elements[i].strip()));
            if (bytes.isEmpty()) {
                return found;
            }
            found = Optional.of(address(bytes.get()));
            if (!recursive || !trusts(bytes.get())) {
                return found;
            }
        }
        return found;
    }

    private static String withoutPort(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes by construction
        }
    }
}
