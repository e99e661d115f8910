package io.sluice.state.limit;

/** Whose requests count together. */
public enum Reach {
    /** Those of this node. */
    NODE,
    /** Those of all nodes of the cluster. */
    CLUSTER
}
