package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * A lease whose tokens become free by time, over several nested periods.
 *
 * <p>Design: admitting must check and count all periods as one step, without a lock. So there is only one number that counts,
 * the total ever admitted, and each stretch of time remembers what the total was when it began; its use is the difference.
 * The total shares a long, the head, with the index of the shortest stretch; an admission is one CAS on the head, hence also
 * fails if time has moved on or the lease was closed meanwhile. When the shortest stretch ends, its next index is put into the
 * head first; whoever then reads the head brings the words of the stretches up to date before admitting anything, so that all
 * of them write the same values. A word is (index, total at its begin) and only ever replaced by CAS from what was seen, so a
 * delayed thread does no harm.
 *
 * <p>Time that goes back a little (threads read the clock at different moments) is taken as the current stretch. If it goes
 * back further the clock was set: stretches that now lie in the future are dated back and keep their use.
 *
 * <p>Layout of a long: 1 bit (head: closed), 26 bits index, 37 bits total. Both numbers wrap; 26 bits of 20 ms are 15 days, so
 * an index that seems up to 2^20 ahead is in the future and any other is in the past.
 */
abstract sealed class CountingLease extends Lease permits FixedLease, SlidingLease {

    static final long CHANGED = -1;

    private static final int TOTAL_BITS = 37;
    private static final long TOTAL = (1L << TOTAL_BITS) - 1;
    private static final long INDEX = (1L << 26) - 1;
    private static final long CLOSED = 1L << 63;
    private static final long MOST_AHEAD = 1L << 20;
    private static final long CLOCK_TOLERANCE_MILLIS = 10_000;

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(CountingLease.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // written through HEAD
    private volatile long head;

    CountingLease(Claims claims, long head) {
        super(claims);
        this.head = head;
    }

    /** Which stretch of a position's period a time lies in. */
    abstract long index(int position, long millis);

    /** When a stretch begins. */
    abstract long start(int position, long index);

    /**
     * The total when the oldest stretch began that is still in use, after bringing the words up to date; CHANGED if the head
     * is not {@code seen} any more.
     */
    abstract long begin(int position, long index, long seen);

    /** As {@link #freeAt(int, long)} at a time in the stretch with this index, after {@link #begin}. */
    abstract long freeAt(int position, long index, long time);

    @Override
    final Taken take(long cost, long now, Outcome outcome) {
        return take(cost, now, false, outcome);
    }

    @Override
    final Taken charge(long cost, long now, Outcome outcome) {
        return take(cost, now, true, outcome);
    }

    private Taken take(long cost, long now, boolean beyond, Outcome outcome) {
        while (true) {
            long seen = head;
            if (seen < 0) {
                return Taken.CLOSED;
            }
            long time = timeOf(seen, now);
            if (time == CHANGED) {
                HEAD.compareAndSet(this, seen, word(index(0, now), seen));
                continue;
            }
            boolean room = hasRoom(seen, cost, time, beyond, outcome);
            long counted = beyond ? Math.min(cost, TOTAL - mostUsed(outcome)) : cost;
            if (room && HEAD.compareAndSet(this, seen, word(seen >>> TOTAL_BITS, seen + counted))) {
                outcome.admit(time, counted);
                return Taken.ADMITTED;
            }
            if (!room && head == seen) {
                outcome.refuse(time);
                return Taken.REFUSED;
            }
        }
    }

    @Override
    final void close() {
        HEAD.getAndBitwiseOr(this, CLOSED);
    }

    @Override
    final long used(int position, long now) {
        while (true) {
            long seen = head;
            long time = timeOf(seen & ~CLOSED, now);
            if (time == CHANGED) {
                if (seen < 0 || HEAD.compareAndSet(this, seen, word(index(0, now), seen))) {
                    return seen < 0 ? usedWhenClosed(position, now) : used(position, now);
                }
                continue;
            }
            long begin = begin(position, index(position, time), seen);
            if (begin != CHANGED) {
                return (seen - begin) & TOTAL;
            }
        }
    }

    /** A closed head does not move on, so what has become free since is looked up in the successor. */
    private long usedWhenClosed(int position, long now) {
        return next(claims(), now).used(position, now);
    }

    /** The head of a successor: open, with the same total. */
    final long openHead() {
        return head & ~CLOSED;
    }

    final boolean unchanged(long seen) {
        return head == seen;
    }

    /** What becomes of an old word when its place is needed for a stretch; one that lies in the future is dated back. */
    static long rolled(long old, long index, long seen) {
        boolean future = ((old >>> TOTAL_BITS) - index & INDEX) <= MOST_AHEAD;
        return word(index, future ? old : seen);
    }

    static boolean is(long word, long index) {
        return word >>> TOTAL_BITS == (index & INDEX);
    }

    static long total(long word) {
        return word & TOTAL;
    }

    /** How long before a stretch that of a word and of its total, if this is a number of stretches, was; much if it was not. */
    static long ago(long word, long index) {
        return (index - (word >>> TOTAL_BITS) & INDEX) + total(word);
    }

    static long word(long index, long total) {
        return (index & INDEX) << TOTAL_BITS | total & TOTAL;
    }

    /** Where the old claims had the period of each new position; -1 if they had not. */
    static int[] origins(Limits old, Limits changed) {
        List<Period> periods = changed.periods();
        int[] origins = new int[periods.size()];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = old.periods().indexOf(periods.get(i));
        }
        return origins;
    }

    /** The time to count at: now, or the begin of the head's stretch if that is slightly ahead; CHANGED if the head is off. */
    final long timeOf(long seen, long now) {
        long index = index(0, now);
        long ahead = ((seen >>> TOTAL_BITS) - index) & INDEX;
        if (ahead == 0) {
            return now;
        }
        if (ahead <= MOST_AHEAD) {
            long begin = start(0, index + ahead);
            return begin - now <= CLOCK_TOLERANCE_MILLIS ? begin : CHANGED;
        }
        return CHANGED;
    }

    /** Periods nest, so the longest has used the most; more than a total's bits can hold would look like nothing. */
    private long mostUsed(Outcome outcome) {
        return outcome.used(claims().limits().size() - 1);
    }

    private boolean hasRoom(long seen, long cost, long time, boolean beyond, Outcome outcome) {
        Claims claims = claims();
        boolean room = true;
        for (int i = 0; i < claims.limits().size(); i++) {
            long index = index(i, time);
            long begin = begin(i, index, seen);
            if (begin == CHANGED) {
                return false; // the head has changed, so the caller looks again
            }
            long used = (seen - begin) & TOTAL;
            outcome.found(i, used, freeAt(i, index, time));
            room &= beyond ? used < claims.limits().allowed(i) : cost <= claims.own(i, time) - used;
        }
        return room;
    }
}
