package io.sluice.node.http;

/**
 * What one loop has seen. Plain longs written by the loop alone and read by anyone: a reader may be a little behind, which is
 * what metrics allow.
 */
public final class LoopCounters {

    private static final long QUIET_NANOS = 1_000_000_000L;

    private volatile long accepted;
    private volatile long open;
    private volatile long requests;
    private volatile long active;
    private volatile long longestRoundNanos;
    private volatile long bytesIn;
    private volatile long bytesOut;
    private volatile long prefacesRefused;
    private volatile long tunnels;
    private volatile long tunnelBytesIn;
    private volatile long tunnelBytesOut;
    private long quietUntil = Long.MIN_VALUE;

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

    /** A WebSocket has begun. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void tunnelOpened() {
        tunnels++;
    }

    /** It has ended. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void tunnelClosed() {
        tunnels--;
    }

    /** Bytes passed from a client to an upstream. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void tunnelledIn(long bytes) {
        tunnelBytesIn += bytes;
    }

    /** Bytes passed from an upstream to a client. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void tunnelledOut(long bytes) {
        tunnelBytesOut += bytes;
    }

    /** WebSockets open now. */
    public long tunnels() {
        return tunnels;
    }

    /** Bytes that WebSockets have brought from clients. */
    public long tunnelBytesIn() {
        return tunnelBytesIn;
    }

    /** Bytes that WebSockets have brought to clients. */
    public long tunnelBytesOut() {
        return tunnelBytesOut;
    }

    /** A connection began with something else than the PROXY protocol; gives whether that may be logged (once a second). */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    boolean prefaceRefused(long now) {
        prefacesRefused++;
        if (quietUntil != Long.MIN_VALUE && now - quietUntil < 0) {
            return false;
        }
        quietUntil = now + QUIET_NANOS;
        return true;
    }

    /** Connections that did not begin with the PROXY protocol where that is spoken. */
    public long prefacesRefused() {
        return prefacesRefused;
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
