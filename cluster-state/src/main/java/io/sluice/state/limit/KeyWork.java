package io.sluice.state.limit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a lane has to do for a key: requests that wait, questions that are out. Of the lane's thread only. */
final class KeyWork {

    private TokenPool pool;
    private Entry entry;
    private final Deque<Parked> parked = new ArrayDeque<>();
    /** By slot: the number of the question that is out, 0 for none. */
    private final long[] asked = new long[TransferRow.CONCURRENT + 1];

    private final long[] declared = new long[TransferRow.CONCURRENT + 1];
    private final long[] askedWhom = new long[TransferRow.CONCURRENT + 1];
    private final long[] askedAt = new long[TransferRow.CONCURRENT + 1];
    private long coverUntil;

    KeyWork(TokenPool pool, Entry entry) {
        this.pool = pool;
        this.entry = entry;
    }

    TokenPool pool() {
        return pool;
    }

    /** The key's entry, another one if it has been forgotten meanwhile. */
    Entry entry(long now) {
        if (entry.lease() == null) {
            entry = pool.entry(entry.hash(), now);
        }
        return entry;
    }

    /** One more that waits; its rule may have been opened anew. */
    void park(Parked waiting) {
        pool = waiting.pool();
        entry = waiting.entry();
        parked.add(waiting);
    }

    Deque<Parked> parked() {
        return parked;
    }

    /** Stays until then although nobody waits. */
    void cover(long until) {
        coverUntil = until;
    }

    /** How many tokens are needed for those who wait and for what is owed in no window. */
    long needed(long now) {
        long needed = Overdraft.owed(entry(now));
        for (Parked waiting : parked) {
            needed += Math.max(1, waiting.cost());
        }
        return needed;
    }

    /** How many of these the lease has not, and what is in use of others' in its window. */
    long lacking(long needed, Lease lease, int position, long now) {
        long free = lease.free(position, now);
        return needed - (pool.charges() ? free : Math.max(0, free));
    }

    boolean isAsking(int slot) {
        return asked[slot] != 0;
    }

    boolean isAsking() {
        for (long number : asked) {
            if (number != 0) {
                return true;
            }
        }
        return false;
    }

    boolean isAnswer(int slot, long number) {
        return number != 0 && asked[slot] == number;
    }

    void asking(int slot, long number, long whom, long now) {
        asked[slot] = number;
        askedWhom[slot] = whom;
        askedAt[slot] = now;
    }

    /** The number of the declaration that was made last for a slot, 0 for none. */
    long declaring(int slot) {
        return declared[slot];
    }

    void declaring(int slot, long number) {
        declared[slot] = number;
    }

    void answered(int slot) {
        asked[slot] = 0;
    }

    /** Gives up questions that are older than {@code patience} milliseconds; who was asked, 0 for nobody. */
    long giveUp(long now, long patience) {
        long whom = 0;
        for (int slot = 0; slot < asked.length; slot++) {
            if (asked[slot] != 0 && (now - askedAt[slot] >= patience || now < askedAt[slot] - Parked.CLOCK_MILLIS)) {
                asked[slot] = 0;
                whom = askedWhom[slot];
            }
        }
        return whom;
    }

    boolean isDone(long now) {
        boolean covering =
                now < coverUntil && coverUntil <= now + pool.rule().park().toMillis() + Parked.CLOCK_MILLIS;
        return parked.isEmpty() && !isAsking() && !covering;
    }
}
