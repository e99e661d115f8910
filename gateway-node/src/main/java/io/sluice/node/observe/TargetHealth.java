package io.sluice.node.observe;

/**
 * How one address of an upstream's target fares.
 *
 * @param upstream the upstream's name
 * @param target the target as configured, host and port
 * @param address the resolved address and port; empty if resolving failed
 */
public record TargetHealth(String upstream, String target, String address, State state) {

    /** What is known of it. */
    public enum State {
        HEALTHCHECKS_OFF,
        HEALTHY,
        UNHEALTHY,
        DNS_ERROR
    }
}
