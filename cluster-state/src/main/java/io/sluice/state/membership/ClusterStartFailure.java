package io.sluice.state.membership;

/** The cluster's part of a node cannot start: a port is taken, or its address is not this machine's. */
public final class ClusterStartFailure extends Exception {

    private final String key;

    ClusterStartFailure(String key, String reason, Throwable cause) {
        super(reason, cause);
        this.key = key;
    }

    /** The setting that is to blame, for example {@code cluster_port}. */
    public String key() {
        return key;
    }
}
