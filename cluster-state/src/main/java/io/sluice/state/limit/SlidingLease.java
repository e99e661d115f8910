package io.sluice.state.limit;

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

    private static final int GAP_BITS = 8;
    private static final long GAP = (1 << GAP_BITS) - 1;

    private final int parts;
    private final int ring;

    /** By position, for {@link #freeAt}. Threads may overwrite each other's: nothing is admitted by it. */
    private final long[] oldestUsed;

    /**
     * By position, for {@link #oldest}: the first part that had a word, and how many before it were found to have none. A word
     * that comes later is that of a part in which nothing was taken, and then makes no difference.
     */
    private final long[] firstWord;

    SlidingLease(Claims claims, long now) {
        this(claims, FEW, word(part(claims.limits(), 0, FEW, now), 0), ring(claims.limits(), now, 0));
    }

    private SlidingLease(Claims claims, int parts, long head, long[] words) {
        super(claims, head, words);
        this.parts = parts;
        this.ring = parts + 1;
        oldestUsed = new long[claims.limits().size()];
        firstWord = new long[oldestUsed.length];
    }

    private static long[] ring(Limits limits, long now, long total) {
        long[] words = new long[limits.size() * (FEW + 1)];
        for (int i = 0; i < limits.size(); i++) {
            fill(words, i, FEW + 1, part(limits, i, FEW, now), total);
        }
        return words;
    }

    /** Before the first part nothing was taken. */
    private static void fill(long[] words, int position, int ring, long part, long total) {
        for (int back = 0; back < ring; back++) {
            words[position * ring + (int) ((part - back) % ring)] = word(part - back, total);
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
        return claims().limits().periods().get(position).nominalSeconds() * 1000 / parts;
    }

    private int at(int position, long part) {
        // The same for constant divisors.
        return position * ring + (int) (parts == MANY ? part % (MANY + 1) : part % (FEW + 1));
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
        int current = at(position, index);
        while (true) {
            long word = read(current);
            if (is(word, index)) {
                return total(read(oldest(position, index)));
            }
            if (!unchanged(seen)) {
                return CHANGED;
            }
            roll(current, word, index, seen);
        }
    }

    /** Parts in which nothing happened have no word of their own: the next one began with the same total. */
    private int oldest(int position, long index) {
        long first = index - parts;
        long last = firstWord[position];
        long found = last >>> GAP_BITS;
        boolean known = first <= found && found <= index && found - (last & GAP) <= first;
        long from = known ? found : first;
        int at = at(position, from);
        int end = (position + 1) * ring;
        for (long part = from; part < index; part++) {
            if (is(read(at), part)) {
                if (part != found) {
                    firstWord[position] = part << GAP_BITS | part - first;
                }
                return at;
            }
            at = at + 1 == end ? position * ring : at + 1;
        }
        return at;
    }

    /** Whether it is worth to {@link #detail}: more than half of a position is in use. */
    boolean deservesDetail(Outcome outcome) {
        if (parts == MANY) {
            return false;
        }
        for (int i = 0; i < oldestUsed.length; i++) {
            if (outcome.used(i) * 2 > claims().own(i, outcome.time())) {
                return true;
            }
        }
        return false;
    }

    /** How many positions have many parts. */
    int details() {
        return parts == MANY ? oldestUsed.length : 0;
    }

    /** The successor of this closed lease with many parts. What was taken in one of the few counts as taken at its end. */
    Lease detail(long now) {
        long time = timeOf(openHead(), now);
        if (time == CHANGED || parts == MANY) {
            return next(claims(), now);
        }
        Limits limits = claims().limits();
        int more = MANY + 1;
        long[] words = new long[limits.size() * more];
        for (int i = 0; i < limits.size(); i++) {
            long few = part(limits, i, FEW, time);
            long many = part(limits, i, MANY, time);
            Arrays.fill(words, i * more, (i + 1) * more, word(many - NEVER, 0));
            for (long part = few - FEW; part <= few; part++) {
                long word = read(at(i, part));
                if (is(word, part)) {
                    long end = part == few ? many : part * TIMES + TIMES - 1;
                    words[i * more + (int) (end % more)] = word(end, total(word));
                }
            }
        }
        return new SlidingLease(claims(), MANY, word(part(limits, 0, MANY, time), total(openHead())), words);
    }

    @Override
    Lease next(Claims changed, long now) {
        Limits limits = changed.limits();
        long total = total(openHead());
        int[] origins = origins(claims().limits(), limits);
        long[] words = new long[origins.length * ring];
        for (int i = 0; i < origins.length; i++) {
            if (origins[i] < 0) {
                fill(words, i, ring, part(limits, i, parts, now), total);
            } else {
                for (int j = 0; j < ring; j++) {
                    words[i * ring + j] = read(origins[i] * ring + j);
                }
            }
        }
        long head = origins[0] == 0 ? openHead() : word(part(limits, 0, parts, now), total);
        return new SlidingLease(changed, parts, head, words);
    }

    /**
     * When the oldest part in which a token was taken is a whole period ago: the next part that has a word began with another
     * total. That part only ever moves on (until the clock is set back), so the search begins where it ended last.
     */
    @Override
    long freeAt(int position, long now) {
        long index = index(position, now);
        long last = oldestUsed[position];
        long from = last > index ? index - parts : Math.max(last, index - parts);
        int at = at(position, from);
        int end = (position + 1) * ring;
        long before = -1;
        long oldest = index;
        for (long part = from; part <= index; part++) {
            long word = read(at);
            if (is(word, part)) {
                if (before >= 0 && total(word) != before) {
                    break;
                }
                oldest = part;
                before = total(word);
            }
            at = at + 1 == end ? position * ring : at + 1;
        }
        if (oldest != last) {
            oldestUsed[position] = oldest;
        }
        return (oldest + ring) * length(position);
    }
}
