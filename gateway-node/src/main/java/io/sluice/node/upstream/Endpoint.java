package io.sluice.node.upstream;

import io.sluice.state.model.IpText;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * An address that requests are sent to; connections are shared between all endpoints that are equal. Compared by address.
 *
 * @param hostHeader what the Host field is unless the client's is kept
 */
public record Endpoint(InetSocketAddress address, String ip, int port, String hostHeader) implements Choice {

    static Endpoint of(InetSocketAddress address, String hostHeader) {
        return new Endpoint(address, IpText.of(address.getAddress().getAddress()), address.getPort(), hostHeader);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endpoint that && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(address);
    }
}
