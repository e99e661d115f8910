package io.sluice.state.limit;

import java.util.Arrays;

/** Calendar windows: all tokens become free when the window ends. */
final class FixedLease extends CountingLease {

    FixedLease(Claims claims, long now) {
        super(claims, first(claims, 0, now), new long[claims.limits().size()]);
        Arrays.setAll(words(), i -> first(claims, i, now));
    }

    private FixedLease(Claims claims, long head, long[] words) {
        super(claims, head, words);
    }

    private static long first(Claims claims, int position, long now) {
        return word(claims.limits().periods().get(position).index(now), 0);
    }

    @Override
    long index(int position, long millis) {
        return claims().limits().periods().get(position).index(millis);
    }

    @Override
    long start(int position, long index) {
        return claims().limits().periods().get(position).start(index);
    }

    @Override
    long begin(int position, long index, long seen) {
        while (true) {
            long word = read(position);
            if (is(word, index)) {
                return total(word);
            }
            if (!unchanged(seen)) {
                return CHANGED;
            }
            roll(position, word, index, seen);
        }
    }

    @Override
    Lease next(Claims changed, long now) {
        long total = total(openHead());
        int[] origins = origins(claims().limits(), changed.limits());
        long[] words = new long[origins.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = origins[i] < 0 ? word(changed.limits().periods().get(i).index(now), total) : read(origins[i]);
        }
        long head = origins[0] == 0
                ? openHead()
                : word(changed.limits().periods().get(0).index(now), total);
        return new FixedLease(changed, head, words);
    }

    @Override
    long freeAt(int position, long now) {
        return start(position, index(position, now) + 1);
    }
}
