package io.sluice.state.health;

import java.util.Collection;

/**
 * Kong's four counters of an address: a success sets the three of failures to 0, a failure that of successes.
 *
 * @param connectTimeouts how many of the timeouts were of connecting; nodes of an early version do not tell
 */
public record Evidence(int successes, int tcpFailures, int timeouts, int httpFailures, int connectTimeouts) {

    private static final int MOST = Short.MAX_VALUE;

    /** Nothing was seen. */
    public static final Evidence NONE = new Evidence(0, 0, 0, 0);

    /** Without timeouts of connecting. */
    public Evidence(int successes, int tcpFailures, int timeouts, int httpFailures) {
        this(successes, tcpFailures, timeouts, httpFailures, 0);
    }

    /** Tries that got no connection, or lost it. */
    int connectionFailures() {
        return tcpFailures + connectTimeouts;
    }

    int failures(Failure failure) {
        return switch (failure) {
            case TCP -> tcpFailures;
            case TIMEOUT -> timeouts;
            case HTTP -> httpFailures;
            case CONNECT_TIMEOUT -> connectTimeouts;
        };
    }

    Evidence withSuccess() {
        return new Evidence(Math.min(MOST, successes + 1), 0, 0, 0);
    }

    Evidence with(Failure failure) {
        return new Evidence(
                0,
                next(tcpFailures, failure == Failure.TCP),
                next(timeouts, failure.counted() == Failure.TIMEOUT),
                next(httpFailures, failure == Failure.HTTP),
                next(connectTimeouts, failure == Failure.CONNECT_TIMEOUT));
    }

    private static int next(int count, boolean more) {
        return Math.min(MOST, count + (more ? 1 : 0));
    }

    /** What several nodes have seen, in a few words. */
    static String summary(Failure failure, Collection<Evidence> all) {
        int count = all.stream().mapToInt(one -> one.failures(failure)).sum();
        long nodes = all.stream().filter(one -> one.failures(failure) > 0).count();
        String what = switch (failure) {
            case TCP -> " failed connections";
            case TIMEOUT -> " timeouts";
            case HTTP -> " bad answers";
            case CONNECT_TIMEOUT -> " connections not in time";
        };
        return count + what + " on " + nodes + (nodes == 1 ? " node" : " nodes");
    }

    boolean hasFailures() {
        return (tcpFailures | timeouts | httpFailures) != 0;
    }

    /** As it has always been as long as there are no timeouts of connecting. */
    @Override
    public String toString() {
        String rest = connectTimeouts == 0 ? "]" : ", connectTimeouts=" + connectTimeouts + "]";
        return "Evidence[successes=" + successes + ", tcpFailures=" + tcpFailures + ", timeouts=" + timeouts
                + ", httpFailures=" + httpFailures + rest;
    }
}
