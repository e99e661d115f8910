package io.sluice.state.limit;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RateLimiter} found. Made by the caller and filled by the limiter, for one request; not thread-safe, but the
 * completion of {@link #pending()} publishes what is in it.
 */
public final class Outcome {

    private final long[] used;
    private final long[] freeAt;
    private boolean admitted;
    private long time;
    private long cost;
    private @Nullable Entry entry;
    private @Nullable CompletableFuture<Outcome> pending;

    /** An empty outcome for limits with so many positions. */
    public Outcome(int positions) {
        used = new long[positions];
        freeAt = new long[positions];
    }

    /**
     * Set if another node must be asked first: completes with this outcome, filled, after at most the rule's park time. It
     * never fails. Completed on any thread.
     */
    public Optional<CompletionStage<Outcome>> pending() {
        return Optional.ofNullable(pending);
    }

    /** Whether the request may go on; if not, it was not counted in any period. */
    public boolean admitted() {
        return admitted;
    }

    /**
     * How many tokens of the limit at this position are in use as far as this node knows, over all nodes the rule reaches,
     * this request included if it was admitted. Does not fall within a window on one node.
     */
    public long used(int position) {
        return used[position];
    }

    /**
     * When a token of this position becomes free next (milliseconds since the epoch): the window's end for FIXED, the end of
     * the oldest lock for SLIDING, the next drop for BUCKET, {@link #time()} for CONCURRENCY.
     */
    public long freeAt(int position) {
        return freeAt[position];
    }

    /** The time (milliseconds since the epoch, as the cluster agrees on it) that decided which windows are the current ones. */
    public long time() {
        return time;
    }

    long cost() {
        return cost;
    }

    @Nullable
    Entry entry() {
        return entry;
    }

    void found(int position, long use, long free) {
        used[position] = use;
        freeAt[position] = free;
    }

    void refuse(long at) {
        admitted = false;
        time = at;
    }

    void admit(long at, long units) {
        admitted = true;
        time = at;
        cost = units;
        for (int i = 0; i < used.length; i++) {
            used[i] += units;
        }
    }

    /** Nobody in the cluster has a token of this position. */
    void exhausted(int position, long limit) {
        used[position] = Math.max(used[position], limit);
    }

    /** No token of this position becomes free before. */
    void notBefore(int position, long millis) {
        freeAt[position] = Math.max(freeAt[position], millis);
    }

    /** Adds what other nodes are known to have used. */
    void addElsewhere(int position, long use) {
        used[position] += use;
    }

    int size() {
        return used.length;
    }

    /** What the home of the key decided; a refusal if it counts by other limits. */
    void decidedElsewhere(PoolMessage.Decided decided, long units) {
        time = decided.time();
        cost = units;
        admitted = decided.admitted() && decided.used().length == used.length && decided.freeAt().length == used.length;
        if (decided.used().length == used.length && decided.freeAt().length == used.length) {
            System.arraycopy(decided.used(), 0, used, 0, used.length);
            System.arraycopy(decided.freeAt(), 0, freeAt, 0, used.length);
        }
    }

    void of(Entry key) {
        entry = key;
    }

    CompletableFuture<Outcome> park() {
        CompletableFuture<Outcome> parked = new CompletableFuture<>();
        pending = parked;
        return parked;
    }
}
