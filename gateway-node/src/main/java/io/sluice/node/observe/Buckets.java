package io.sluice.node.observe;

/** The upper bounds of a histogram's buckets, in milliseconds, and where its counters lie in a row. Immutable. */
final class Buckets {

    /** Kong's bounds for the time spent in the gateway. */
    static final int[] GATEWAY = {1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000};

    /** Kong's bounds for the time spent in the upstream and in total. */
    static final int[] UPSTREAM = {25, 50, 80, 100, 250, 400, 700, 1000, 2000, 5000, 10_000, 30_000, 60_000};

    private final int[] bounds;
    private final int offset;

    /** A histogram whose counters begin at the offset: one per bound, one beyond, then the sum. */
    Buckets(int[] bounds, int offset) {
        this.bounds = bounds.clone();
        this.offset = offset;
    }

    /** The first place behind this histogram's counters. */
    int end() {
        return offset + bounds.length + 2;
    }

    void observe(long[] row, long millis) {
        int bucket = 0;
        while (bucket < bounds.length && millis > bounds[bucket]) {
            bucket++;
        }
        StripedLongs.add(row, offset + bucket, 1);
        StripedLongs.add(row, end() - 1, millis);
    }

    /** Writes the samples of the histogram, nothing if it never counted; labels as {@code a="b",c="d"}. */
    void write(MetricsText text, String family, String labels, StripedLongs counters) {
        long count = 0;
        long[] upTo = new long[bounds.length + 1];
        for (int i = 0; i < upTo.length; i++) {
            count += counters.sum(offset + i);
            upTo[i] = count;
        }
        if (count == 0) {
            return;
        }
        String before = labels.isEmpty() ? "" : labels + ",";
        for (int i = 0; i < bounds.length; i++) {
            text.sample(family + "_bucket", before + "le=\"" + bounds[i] + "\"", upTo[i]);
        }
        text.sample(family + "_bucket", before + "le=\"+Inf\"", count);
        text.sample(family + "_count", labels, count);
        text.sample(family + "_sum", labels, counters.sum(end() - 1));
    }
}
