package io.sluice.state.health;

import java.util.List;
import java.util.Optional;

/**
 * An upstream whose targets are to be watched.
 *
 * @param hostHeader what probes have in their {@code Host}; otherwise the host of the target
 * @param addresses all that its targets resolve to on this node
 */
public record WatchedUpstream(
        String name, Healthchecks checks, Optional<String> hostHeader, List<TargetAddress> addresses) {

    public WatchedUpstream {
        addresses = List.copyOf(addresses);
    }
}
