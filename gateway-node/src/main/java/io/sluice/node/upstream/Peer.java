package io.sluice.node.upstream;

import io.sluice.node.balance.TargetLoad;
import io.sluice.state.health.TargetHealth;

/**
 * One address of a target of an upstream: what balancing picks.
 *
 * @param target host and port as configured; what it is called with its {@link Endpoint#ip} and {@link Endpoint#port}
 *     outlasts revisions and look-ups
 * @param weight 0 to 65535; 0 is never picked
 */
public record Peer(Endpoint endpoint, String target, int weight, TargetLoad load, TargetHealth health) {

    /** Its name for hashing, the same on every node. */
    String name() {
        return target + ' ' + endpoint.ip() + ' ' + endpoint.port();
    }

    UpstreamView.Address view() {
        return new UpstreamView.Address(endpoint.ip(), endpoint.port(), weight, health.usable());
    }
}
