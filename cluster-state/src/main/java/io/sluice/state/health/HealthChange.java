package io.sluice.state.health;

/**
 * Who found what, when: the health of an address has changed on this node.
 *
 * @param usable whether requests of this node go there from now on
 * @param shared whether it holds for the whole cluster, or for this node only
 * @param finder id of the node that found it
 * @param since when that was, in agreed milliseconds since 1970
 * @param detail what exactly was seen, for operators; may be empty
 */
public record HealthChange(
        TargetAddress address, boolean usable, boolean shared, Cause cause, long finder, long since, String detail) {}
