package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Calendar windows: all tokens become free when the window ends. The words of the two shortest periods lie in the lease itself:
 * few limits have more, and a decision about a key that no cache holds waits for one line of memory less.
 */
final class FixedLease extends CountingLease {

    private static final int INSIDE = 2;
    private static final VarHandle FIRST = handle("first");
    private static final VarHandle SECOND = handle("second");
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    @SuppressWarnings("UnusedVariable") // read and written through FIRST
    private volatile long first;

    @SuppressWarnings("UnusedVariable") // the same through SECOND
    private volatile long second;

    /** From the third period on. */
    private final long @Nullable [] others;

    FixedLease(Claims claims, long now) {
        this(claims, begin(claims, 0, now), words(claims, now));
    }

    private FixedLease(Claims claims, long head, long[] words) {
        super(claims, head);
        first = words[0];
        second = words.length > 1 ? words[1] : 0;
        others = words.length > INSIDE ? words : null;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(FixedLease.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static long[] words(Claims claims, long now) {
        long[] words = new long[claims.limits().size()];
        for (int i = 0; i < words.length; i++) {
            words[i] = begin(claims, i, now);
        }
        return words;
    }

    private static long begin(Claims claims, int position, long now) {
        return word(claims.limits().windows(now).index(position), 0);
    }

    private long read(int position) {
        long[] array = others;
        return switch (position) {
            case 0 -> first;
            case 1 -> second;
            default -> array == null ? 0 : (long) WORD.getVolatile(array, position);
        };
    }

    private void replace(int position, long old, long fresh) {
        long[] array = others;
        switch (position) {
            case 0 -> FIRST.compareAndSet(this, old, fresh);
            case 1 -> SECOND.compareAndSet(this, old, fresh);
            default -> {
                if (array != null) {
                    WORD.compareAndSet(array, position, old, fresh);
                }
            }
        }
    }

    @Override
    long index(int position, long millis) {
        return claims().limits().windows(millis).index(position);
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
            replace(position, word, rolled(word, index, seen));
        }
    }

    @Override
    Lease next(Claims changed, long now) {
        long total = total(openHead());
        int[] origins = origins(claims().limits(), changed.limits());
        CalendarWindows windows = changed.limits().windows(now);
        long[] words = new long[origins.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = origins[i] < 0 ? word(windows.index(i), total) : read(origins[i]);
        }
        long head = origins[0] == 0 ? openHead() : word(windows.index(0), total);
        return new FixedLease(changed, head, words);
    }

    @Override
    long freeAt(int position, long now) {
        return claims().limits().windows(now).end(position);
    }

    @Override
    long freeAt(int position, long index, long time) {
        return claims().limits().windows(time).end(position);
    }
}
