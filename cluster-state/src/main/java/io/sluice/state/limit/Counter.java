package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/**
 * The use of one key over several nested calendar windows.
 *
 * <p>Design: admitting must check and count all windows as one step, without a lock. So there is only one number that counts,
 * the total ever admitted, and each window remembers what the total was when it began; its use is the difference. The total
 * shares a long, the head, with the index of the shortest window; an admission is one CAS on the head, hence also fails if
 * time has moved on meanwhile. When the shortest window ends, its next index is put into the head first; whoever then reads
 * the head brings the window words up to date before admitting anything, so that all of them write the same values. A word
 * is (window index, total at its begin) and only ever replaced by CAS from what was seen, so a delayed thread does no harm.
 *
 * <p>Time that goes back a little (threads read the clock at different moments) is taken as the current window. If it goes
 * back further the clock was set: windows that now lie in the future are dated back and keep their use.
 *
 * <p>Layout of a long: 1 bit (head: forgotten), 26 bits window index, 37 bits total. Both numbers wrap; 26 bits of seconds
 * are two years, so an index that seems up to 2^20 ahead is in the future and any other is in the past.
 */
final class Counter {

    private static final int TOTAL_BITS = 37;
    private static final long TOTAL = (1L << TOTAL_BITS) - 1;
    private static final long INDEX = (1L << 26) - 1;
    private static final long FORGOTTEN = 1L << 63;
    private static final long MOST_AHEAD = 1L << 20;
    private static final long CLOCK_TOLERANCE_MILLIS = 10_000;
    private static final long CHANGED = -1;

    private static final VarHandle HEAD;
    private static final VarHandle WINDOW = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Counter.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String key;
    private final List<Period> periods;
    private final long[] windows;

    @SuppressWarnings("UnusedVariable") // written through HEAD
    private volatile long head;

    Counter(String key, List<Period> periods, long now) {
        this.key = key;
        this.periods = periods;
        this.windows = new long[periods.size()];
        Arrays.setAll(windows, i -> word(periods.get(i).index(now), 0));
        this.head = windows[0];
    }

    String key() {
        return key;
    }

    /** See {@link RateLimiter#acquire}; false if this counter has been forgotten and another must take its place. */
    boolean acquire(Limits limits, long cost, long now, Outcome outcome) {
        while (true) {
            long seen = head;
            if (seen < 0) {
                return false;
            }
            long time = timeOf(seen, now);
            if (time == CHANGED) {
                HEAD.compareAndSet(this, seen, word(periods.get(0).index(now), seen));
                continue;
            }
            boolean room = hasRoom(seen, limits, cost, time, outcome);
            if (room && HEAD.compareAndSet(this, seen, word(seen >>> TOTAL_BITS, seen + cost))) {
                outcome.admit(time, cost);
                return true;
            }
            if (!room && head == seen) {
                outcome.refuse(time);
                return true;
            }
        }
    }

    /** Marks the counter as forgotten if no window of it is current any more. */
    boolean forgetIfExpired(long now) {
        long seen = head;
        int longest = windows.length - 1;
        long index = (long) WINDOW.getVolatile(windows, longest) >>> TOTAL_BITS;
        long ahead = (index - periods.get(longest).index(now)) & INDEX;
        boolean expired = ahead > MOST_AHEAD;
        return expired && (seen < 0 || HEAD.compareAndSet(this, seen, seen | FORGOTTEN));
    }

    /** Marks the counter as forgotten, whatever it holds. */
    void forget() {
        HEAD.getAndBitwiseOr(this, FORGOTTEN);
    }

    /** What the longest window has been used. */
    long use() {
        return (head - (long) WINDOW.getVolatile(windows, windows.length - 1)) & TOTAL;
    }

    /** The time to count at: now, or the begin of the head's window if that is slightly ahead; CHANGED if the head is off. */
    private long timeOf(long seen, long now) {
        Period shortest = periods.get(0);
        long index = shortest.index(now);
        long ahead = ((seen >>> TOTAL_BITS) - index) & INDEX;
        if (ahead == 0) {
            return now;
        }
        if (ahead <= MOST_AHEAD) {
            long begin = shortest.start(index + ahead);
            return begin - now <= CLOCK_TOLERANCE_MILLIS ? begin : CHANGED;
        }
        return CHANGED;
    }

    private boolean hasRoom(long seen, Limits limits, long cost, long time, Outcome outcome) {
        boolean room = true;
        for (int i = 0; i < windows.length; i++) {
            long begin = totalAtBegin(i, periods.get(i).index(time) & INDEX, seen);
            if (begin == CHANGED) {
                return false; // the head has changed, so the caller looks again
            }
            long used = (seen - begin) & TOTAL;
            outcome.found(i, used);
            room &= used + cost <= limits.allowed(i);
        }
        return room;
    }

    /** What the total was when the window began, after bringing the window's word up to date. */
    private long totalAtBegin(int i, long index, long seen) {
        while (true) {
            long word = (long) WINDOW.getVolatile(windows, i);
            if (word >>> TOTAL_BITS == index) {
                return word & TOTAL;
            }
            if (head != seen) {
                return CHANGED;
            }
            boolean future = ((word >>> TOTAL_BITS) - index & INDEX) <= MOST_AHEAD;
            WINDOW.compareAndSet(windows, i, word, word(index, future ? word : seen));
        }
    }

    private static long word(long index, long total) {
        return (index & INDEX) << TOTAL_BITS | total & TOTAL;
    }
}
