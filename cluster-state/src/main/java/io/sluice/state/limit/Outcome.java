package io.sluice.state.limit;

/**
 * What a {@link RateLimiter} found. Made by the caller, filled by the limiter, and may be used again for another request;
 * not thread-safe.
 */
public final class Outcome {

    private final long[] used;
    private boolean admitted;
    private long time;

    /** An empty outcome for limits over so many periods. */
    public Outcome(int periods) {
        used = new long[periods];
    }

    /** Whether the request may go on; if not, it was not counted in any period. */
    public boolean admitted() {
        return admitted;
    }

    /** What the current window of the period at this position has been used, this request included if it was admitted. */
    public long used(int position) {
        return used[position];
    }

    /** The time (milliseconds since the epoch) that decided which windows are the current ones. */
    public long time() {
        return time;
    }

    void found(int position, long use) {
        used[position] = use;
    }

    void refuse(long at) {
        admitted = false;
        time = at;
    }

    void admit(long at, long cost) {
        admitted = true;
        time = at;
        for (int i = 0; i < used.length; i++) {
            used[i] += cost;
        }
    }
}
