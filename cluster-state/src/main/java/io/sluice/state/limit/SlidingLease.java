package io.sluice.state.limit;

/**
 * A token becomes free one period after it was taken. The period is cut into {@value #PARTS} parts, and a token stays locked
 * until the part in which it was taken is a whole period ago: at most 2 % too long, never too short. Months have 30 days here
 * and years 365.
 */
final class SlidingLease extends CountingLease {

    static final int PARTS = 50;
    private static final int RING = PARTS + 1;
    /** Of a period of one second. */
    private static final long PART_MILLIS = 1000 / PARTS;

    /** By position, for {@link #freeAt}. Threads may overwrite each other's: nothing is admitted by it. */
    private final long[] oldestUsed;

    SlidingLease(Claims claims, long now) {
        this(claims, word(part(claims.limits(), 0, now), 0), ring(claims.limits(), now, 0));
    }

    private SlidingLease(Claims claims, long head, long[] words) {
        super(claims, head, words);
        oldestUsed = new long[claims.limits().size()];
    }

    private static long[] ring(Limits limits, long now, long total) {
        long[] words = new long[limits.size() * RING];
        for (int i = 0; i < limits.size(); i++) {
            fill(words, i, part(limits, i, now), total);
        }
        return words;
    }

    /** Before the first part nothing was taken. */
    private static void fill(long[] words, int position, long part, long total) {
        for (int back = 0; back < RING; back++) {
            words[at(position, part - back)] = word(part - back, total);
        }
    }

    private static long length(Limits limits, int position) {
        return limits.periods().get(position).nominalSeconds() * PART_MILLIS;
    }

    private static long part(Limits limits, int position, long millis) {
        // A constant divisor is a multiplication, and this is done several times for each request.
        return switch (limits.periods().get(position)) {
            case SECOND -> millis / PART_MILLIS;
            case MINUTE -> millis / (60 * PART_MILLIS);
            case HOUR -> millis / (3_600 * PART_MILLIS);
            case DAY -> millis / (86_400 * PART_MILLIS);
            case MONTH -> millis / (2_592_000 * PART_MILLIS);
            case YEAR -> millis / (31_536_000 * PART_MILLIS);
        };
    }

    private static int at(int position, long part) {
        return position * RING + (int) (part % RING);
    }

    @Override
    long index(int position, long millis) {
        return part(claims().limits(), position, millis);
    }

    @Override
    long start(int position, long index) {
        return index * length(claims().limits(), position);
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
        int at = at(position, index - PARTS);
        int end = (position + 1) * RING;
        for (long part = index - PARTS; part < index; part++) {
            if (is(read(at), part)) {
                return at;
            }
            at = at + 1 == end ? position * RING : at + 1;
        }
        return at;
    }

    @Override
    Lease next(Claims changed, long now) {
        Limits limits = changed.limits();
        long total = total(openHead());
        int[] origins = origins(claims().limits(), limits);
        long[] words = new long[origins.length * RING];
        for (int i = 0; i < origins.length; i++) {
            if (origins[i] < 0) {
                fill(words, i, part(limits, i, now), total);
            } else {
                for (int j = 0; j < RING; j++) {
                    words[i * RING + j] = read(origins[i] * RING + j);
                }
            }
        }
        long head = origins[0] == 0 ? openHead() : word(part(limits, 0, now), total);
        return new SlidingLease(changed, head, words);
    }

    /**
     * When the oldest part in which a token was taken is a whole period ago: the next part that has a word began with another
     * total. That part only ever moves on (until the clock is set back), so the search begins where it ended last.
     */
    @Override
    long freeAt(int position, long now) {
        long index = index(position, now);
        long length = length(claims().limits(), position);
        long last = oldestUsed[position];
        long from = last > index ? index - PARTS : Math.max(last, index - PARTS);
        int at = at(position, from);
        int end = (position + 1) * RING;
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
            at = at + 1 == end ? position * RING : at + 1;
        }
        if (oldest != last) {
            oldestUsed[position] = oldest;
        }
        return (oldest + RING) * length;
    }
}
