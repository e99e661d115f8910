package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A token becomes free one period after it was taken. The period is cut into parts, and a token stays locked until the part in
 * which it was taken is a whole period ago: too long by one part at most, never too short. There are {@value #FEW} parts, and
 * {@value #MANY} once the key is {@link #deservesDetail worth} the memory. Months have 30 days here and years 365.
 *
 * <p>Whoever takes all there is takes again what becomes free with a part's end, so that one part in so many is what is lost.
 */
final class SlidingLease extends CountingLease {

    static final int FEW = 50;
    static final int MANY = 250;
    private static final int TIMES = MANY / FEW;
    /** Of a period of one second, with many parts. */
    private static final long PART_MILLIS = 1000 / MANY;

    /** So far from the index of any part in use, before or after it, that it is taken for none of them. */
    private static final long NEVER = 1L << 25;

    /** How many longs are kept for a position beside its words. */
    private static final int NOTES = 3;

    /** Is no part's word. */
    private static final long NOT_LOOKED_UP = -1;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int GAP_BITS = 8;
    private static final long GAP = (1 << GAP_BITS) - 1;

    private final int parts;

    /**
     * What a decision looks at comes first, so that it is in one line of memory: by position the total when the oldest part that is
     * in use began and how many parts ago something was taken first, each together with the part in which it was looked up;
     * as long as that lasts neither changes. Then, by position, where {@link #oldest} found the first word: that part, and how
     * many before it had none. A word that comes later is that of a part in which nothing was taken, and then makes no
     * difference. Then the words: for each position a ring.
     */
    private final long[] memory;

    SlidingLease(Claims claims, long now) {
        this(claims, FEW, word(part(claims.limits(), 0, FEW, now), 0), ring(claims.limits(), now, 0));
    }

    private SlidingLease(Claims claims, int parts, long head, long[] memory) {
        super(claims, head);
        this.parts = parts;
        this.memory = memory;
        for (int i = 0; i < 2 * claims.limits().size(); i++) {
            memory[i] = NOT_LOOKED_UP;
        }
    }

    private static long[] ring(Limits limits, long now, long total) {
        long[] memory = new long[limits.size() * (NOTES + FEW + 1)];
        for (int i = 0; i < limits.size(); i++) {
            fill(memory, limits.size(), i, FEW + 1, part(limits, i, FEW, now), total);
        }
        return memory;
    }

    /** Before the first part nothing was taken. */
    private static void fill(long[] memory, int positions, int position, int ring, long part, long total) {
        for (int back = 0; back < ring; back++) {
            memory[NOTES * positions + position * ring + (int) ((part - back) % ring)] = word(part - back, total);
        }
    }

    private static long part(Limits limits, int position, int parts, long millis) {
        // A constant divisor is a multiplication, and this is done several times for each request.
        long part = switch (limits.periods().get(position)) {
            case SECOND -> millis / PART_MILLIS;
            case MINUTE -> millis / (60 * PART_MILLIS);
            case HOUR -> millis / (3_600 * PART_MILLIS);
            case DAY -> millis / (86_400 * PART_MILLIS);
            case MONTH -> millis / (2_592_000 * PART_MILLIS);
            case YEAR -> millis / (31_536_000 * PART_MILLIS);
        };
        return parts == MANY ? part : part / TIMES;
    }

    private long length(int position) {
        long millis = claims().limits().micros(position) / 1000;
        return parts == MANY ? millis / MANY : millis / FEW; // a constant divisor is a multiplication
    }

    private int ring() {
        return parts + 1;
    }

    /** Where the ring of a position begins. */
    private int ringAt(int position) {
        return NOTES * claims().limits().size() + position * ring();
    }

    private int at(int position, long part) {
        // The same for constant divisors.
        return ringAt(position) + (int) (parts == MANY ? part % (MANY + 1) : part % (FEW + 1));
    }

    private long read(int at) {
        return (long) WORD.getVolatile(memory, at);
    }

    private long note(int at) {
        return (long) WORD.getOpaque(memory, at);
    }

    private void note(int at, long value) {
        WORD.setOpaque(memory, at, value);
    }

    @Override
    long index(int position, long millis) {
        return part(claims().limits(), position, parts, millis);
    }

    @Override
    long start(int position, long index) {
        return index * length(position);
    }

    @Override
    long begin(int position, long index, long seen) {
        long known = note(2 * position);
        return is(known, index) ? total(known) : lookUp(position, index, seen);
    }

    private long lookUp(int position, long index, long seen) {
        int current = at(position, index);
        while (true) {
            long word = read(current);
            if (is(word, index)) {
                long begin = total(read(oldest(position, index)));
                if (unchanged(seen)) { // else it may be that of another part, which has taken the oldest one's place
                    note(2 * position, word(index, begin));
                }
                return begin;
            }
            if (!unchanged(seen)) {
                return CHANGED;
            }
            WORD.compareAndSet(memory, current, word, rolled(word, index, seen));
        }
    }

    /** Parts in which nothing happened have no word of their own: the next one began with the same total. */
    private int oldest(int position, long index) {
        long first = index - parts;
        int note = 2 * claims().limits().size() + position;
        long last = note(note);
        long found = last >>> GAP_BITS;
        boolean known = first <= found && found <= index && found - (last & GAP) <= first;
        long from = known ? found : first;
        int at = at(position, from);
        int end = ringAt(position) + ring();
        for (long part = from; part < index; part++) {
            if (is(read(at), part)) {
                if (part != found) {
                    note(note, part << GAP_BITS | part - first);
                }
                return at;
            }
            at = at + 1 == end ? ringAt(position) : at + 1;
        }
        return at;
    }

    /** Whether it is worth to {@link #detail}: more than half of a position is in use. */
    boolean deservesDetail(Outcome outcome) {
        if (parts == MANY) {
            return false;
        }
        for (int i = 0; i < claims().limits().size(); i++) {
            if (outcome.used(i) * 2 > claims().own(i, outcome.time())) {
                return true;
            }
        }
        return false;
    }

    /** How many positions have many parts. */
    int details() {
        return parts == MANY ? claims().limits().size() : 0;
    }

    /** The successor of this closed lease with many parts. What was taken in one of the few counts as taken at its end. */
    Lease detail(long now) {
        long time = timeOf(openHead(), now);
        if (time == CHANGED || parts == MANY) {
            return next(claims(), now);
        }
        Limits limits = claims().limits();
        int more = MANY + 1;
        long[] words = new long[limits.size() * (NOTES + more)];
        for (int i = 0; i < limits.size(); i++) {
            int begin = NOTES * limits.size() + i * more;
            long few = part(limits, i, FEW, time);
            long many = part(limits, i, MANY, time);
            Arrays.fill(words, begin, begin + more, word(many - NEVER, 0));
            for (long part = few - FEW; part <= few; part++) {
                long word = read(at(i, part));
                if (is(word, part)) {
                    long end = part == few ? many : part * TIMES + TIMES - 1;
                    words[begin + (int) (end % more)] = word(end, total(word));
                }
            }
        }
        return new SlidingLease(claims(), MANY, word(part(limits, 0, MANY, time), total(openHead())), words);
    }

    @Override
    Lease next(Claims changed, long now) {
        Limits limits = changed.limits();
        long total = total(openHead());
        int ring = ring();
        int[] origins = origins(claims().limits(), limits);
        long[] words = new long[origins.length * (NOTES + ring)];
        for (int i = 0; i < origins.length; i++) {
            if (origins[i] < 0) {
                fill(words, origins.length, i, ring, part(limits, i, parts, now), total);
            } else {
                for (int j = 0; j < ring; j++) {
                    words[NOTES * origins.length + i * ring + j] = read(ringAt(origins[i]) + j);
                }
            }
        }
        long head = origins[0] == 0 ? openHead() : word(part(limits, 0, parts, now), total);
        return new SlidingLease(changed, parts, head, words);
    }

    @Override
    long freeAt(int position, long now) {
        return freeAt(position, index(position, now), now);
    }

    /**
     * When the oldest part in which a token was taken is a whole period ago. Threads may overwrite each other's notes of it: nothing
     * is admitted by them.
     */
    @Override
    long freeAt(int position, long index, long time) {
        long known = note(2 * position + 1);
        long oldest = is(known, index) ? index - total(known) : oldestUsed(position, index, ago(known, index));
        return (oldest + ring()) * length(position);
    }

    /**
     * The next part that has a word began with another total. It only ever moves on (until the clock is set back), so the search begins
     * where it was, so many parts ago.
     */
    private long oldestUsed(int position, long index, long ago) {
        long first = index - Math.min(ago, parts);
        int at = at(position, first);
        int end = ringAt(position) + ring();
        long before = -1;
        long oldest = index;
        for (long part = first; part <= index; part++) {
            long word = read(at);
            if (is(word, part)) {
                if (before >= 0 && total(word) != before) {
                    break;
                }
                oldest = part;
                before = total(word);
            }
            at = at + 1 == end ? ringAt(position) : at + 1;
        }
        if (is(read(at(position, index)), index)) { // as long as the current part has no word this may still change
            note(2 * position + 1, word(index, index - oldest));
        }
        return oldest;
    }
}
