package io.sluice.loadtest;

import java.util.Arrays;
import java.util.Locale;

/** Every latency of one run, kept whole so that no bucket's width is in the way. */
final class LatencyReport {
    private final long[] latencies;
    private final long[] lateness;
    private int sent;
    private int answered;
    private int failed;
    private int reopened;

    /** @param total how many requests the run has */
    LatencyReport(int total) {
        latencies = new long[total];
        lateness = new long[total];
    }

    /** @param nanos how long after it was due the request left: the client's own share, or a wait for a free connection */
    void sent(long nanos) {
        lateness[sent++] = nanos;
    }

    /** @param nanos from when the request was due to the answer's last byte */
    void answered(long nanos, boolean ok) {
        latencies[answered++] = nanos;
        if (!ok) {
            failed++;
        }
    }

    boolean isComplete() {
        return answered == latencies.length;
    }

    /** Sorts what came in; a request without an answer counts as one that took for ever. */
    void finish(int reopenedConnections) {
        reopened = reopenedConnections;
        Arrays.fill(latencies, answered, latencies.length, Long.MAX_VALUE);
        Arrays.fill(lateness, sent, lateness.length, Long.MAX_VALUE);
        Arrays.sort(latencies);
        Arrays.sort(lateness);
    }

    /** @param share 0.99 for the 99th percentile; nanoseconds */
    long latency(double share) {
        return at(latencies, share);
    }

    int unanswered() {
        return latencies.length - answered;
    }

    int failed() {
        return failed;
    }

    /** One line of {@code key=value}; times in microseconds. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "requests=%d unanswered=%d failed=%d reopened=%d p50=%.1f p90=%.1f p99=%.1f p999=%.1f max=%.1f late99=%.1f",
                latencies.length,
                unanswered(),
                failed,
                reopened,
                latency(0.5) / 1e3,
                latency(0.9) / 1e3,
                latency(0.99) / 1e3,
                latency(0.999) / 1e3,
                latency(1) / 1e3,
                at(lateness, 0.99) / 1e3);
    }

    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
