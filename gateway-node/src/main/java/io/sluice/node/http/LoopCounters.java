package io.sluice.node.http;

/**
 * What one loop has seen. Plain longs written by the loop alone and read by anyone: a reader may be a little behind, which is
 * what metrics allow.
 */
public final class LoopCounters {

    private volatile long accepted;
    private volatile long open;
    private volatile long requests;
    private volatile long active;
    private volatile long longestRoundNanos;
    private volatile long bytesIn;
    private volatile long bytesOut;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void opened() {
        accepted++;
        open++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void closed() {
        open--;
    }

    /** A request head was read. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void requestStarted() {
        requests++;
        active++;
    }

    /** Its exchange ended. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void requestEnded() {
        active--;
    }

    void restart() {
        accepted = open;
        requests = active;
        longestRoundNanos = 0;
        bytesIn = 0;
        bytesOut = 0;
    }

    void busy(long nanos) {
        if (nanos > longestRoundNanos) {
            longestRoundNanos = nanos;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void read(long bytes) {
        bytesIn += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void written(long bytes) {
        bytesOut += bytes;
    }

    /** Client connections taken since the start. */
    public long accepted() {
        return accepted;
    }

    /** Client connections open now. */
    public long open() {
        return open;
    }

    /** Requests since the start. */
    public long requests() {
        return requests;
    }

    /** Requests being served now. */
    public long active() {
        return active;
    }

    /** The longest the loop did not look at its sockets, in nanoseconds. */
    public long longestRoundNanos() {
        return longestRoundNanos;
    }

    /** Bytes received from clients. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Bytes sent to clients. */
    public long bytesOut() {
        return bytesOut;
    }
}
