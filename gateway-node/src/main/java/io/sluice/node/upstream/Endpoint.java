package io.sluice.node.upstream;

import io.sluice.state.health.TargetHealth;
import io.sluice.state.model.IpText;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * An address that requests are sent to; connections are shared between all endpoints that are equal. Compared by address.
 *
 * @param hostHeader what the Host field is unless the client's is kept
 * @param health told of connections that end while nobody uses them
 */
public record Endpoint(InetSocketAddress address, String ip, int port, String hostHeader, TargetHealth health)
        implements Choice {

    static Endpoint of(InetSocketAddress address, String hostHeader) {
        String ip = IpText.of(address.getAddress().getAddress());
        return new Endpoint(address, ip, address.getPort(), hostHeader, TargetHealth.always());
    }

    Endpoint with(TargetHealth newHealth) {
        return new Endpoint(address, ip, port, hostHeader, newHealth);
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
