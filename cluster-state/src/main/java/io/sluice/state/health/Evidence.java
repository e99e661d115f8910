package io.sluice.state.health;

import java.util.Collection;

/** Kong's four counters of an address: a success sets the three of failures to 0, a failure that of successes. */
public record Evidence(int successes, int tcpFailures, int timeouts, int httpFailures) {

    private static final int MOST = Short.MAX_VALUE;

    /** Nothing was seen. */
    public static final Evidence NONE = new Evidence(0, 0, 0, 0);

    int failures(Failure failure) {
        return switch (failure) {
            case TCP -> tcpFailures;
            case TIMEOUT -> timeouts;
            case HTTP -> httpFailures;
        };
    }

    Evidence withSuccess() {
        return new Evidence(Math.min(MOST, successes + 1), 0, 0, 0);
    }

    Evidence with(Failure failure) {
        return new Evidence(
                0,
                next(tcpFailures, failure == Failure.TCP),
                next(timeouts, failure == Failure.TIMEOUT),
                next(httpFailures, failure == Failure.HTTP));
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
        };
        return count + what + " on " + nodes + (nodes == 1 ? " node" : " nodes");
    }

    boolean hasFailures() {
        return (tcpFailures | timeouts | httpFailures) != 0;
    }
}
