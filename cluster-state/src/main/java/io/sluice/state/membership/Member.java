package io.sluice.state.membership;

/**
 * One node of the cluster, as this node sees it.
 *
 * @param id identity of this run of the node, see {@link io.sluice.state.wire.NodeId}; a restarted node has another one
 * @param address {@code host:port} of its cluster port
 * @param reachable whether the failure detectors of all nodes hear of it
 */
public record Member(long id, String address, Status status, boolean reachable) {

    /** Where the node is on its way. */
    public enum Status {
        /** Seen, but not yet by all; it becomes {@link #UP} only after every node has seen it joining. */
        JOINING,
        UP,
        /** It asked to leave. */
        LEAVING,
        /** All know that it leaves. */
        EXITING,
        /** Taken for dead; gone as soon as all others know. */
        DOWN,
        /** In no cluster: not yet, not any more, or not again. Only this node itself is ever shown so. */
        OUT;

        /** Whether it takes part when a majority is counted, as the split-brain resolver does it. */
        public boolean votes() {
            return this == UP || this == LEAVING;
        }
    }

    Member with(Status next) {
        return new Member(id, address, next, reachable);
    }

    Member reachable(boolean now) {
        return new Member(id, address, status, now);
    }
}
