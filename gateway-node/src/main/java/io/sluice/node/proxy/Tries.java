package io.sluice.node.proxy;

/**
 * The tries of a request: whether another follows one that has failed, and where. A connection that was idle and turns out to
 * be closed costs none of the retries, since the upstream did not fail; the next try is on a new one. Reused.
 */
final class Tries {

    /** What follows a failed try. */
    enum Next {
        /** Nothing: the client is told. */
        NONE,
        /** The same target, on a connection that is new. */
        SAME_TARGET,
        ANOTHER_TARGET
    }

    private int left;
    private boolean freshOnly;

    /** Begins with a request that may be tried again so many times. */
    void begin(int retries) {
        left = retries;
        freshOnly = false;
    }

    /** Whether the next try must not use a connection that was used before. */
    boolean freshOnly() {
        return freshOnly;
    }

    /**
     * A try has failed.
     *
     * @param repeatable as {@link RetryRule} says
     * @param reused whether its connection had carried another request before
     */
    Next failed(ProxyFailure failure, boolean repeatable, boolean reused) {
        boolean stale = reused && !freshOnly && failure == ProxyFailure.CONNECTION_BROKEN;
        if (!repeatable || !stale && left == 0) {
            return Next.NONE;
        }
        freshOnly = stale;
        if (stale) {
            return Next.SAME_TARGET;
        }
        left--;
        return Next.ANOTHER_TARGET;
    }
}
