package io.sluice.state.limit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts on this node only, in fixed calendar windows (UTC).
 *
 * <p>Memory is bounded by a {@link KeyBudget}. A key whose windows have all ended is forgotten by and by: each new key looks
 * at a few old ones, and {@link #sweep} does so from a timer. If the budget is spent all the same, a new key takes the place
 * of the least used of a few others (whose count is lost): made-up identities, seen once each, push out one another and not
 * the clients that use up their limits. A limiter may always remember {@value #FLOOR} keys, so that a flood at one plugin
 * does not switch off another. Keys longer than {@value #LONGEST_KEY} chars are remembered by their SHA-256.
 */
public final class LocalLimiter implements RateLimiter {

    private static final int LONGEST_KEY = 96;
    private static final int FLOOR = 256;
    private static final int SWEPT_PER_NEW_KEY = 2;
    private static final int SAMPLE = 8;

    private final List<Period> periods;
    private final int mask;
    private final KeyBudget budget;
    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ReentrantLock sweeping = new ReentrantLock();
    private Iterator<Counter> hand;

    /** A limiter for limits over these periods. */
    public LocalLimiter(Collection<Period> periods, KeyBudget budget) {
        if (periods.isEmpty()) {
            throw new IllegalArgumentException("periods: none (expected: at least one)");
        }
        this.periods = List.copyOf(new TreeSet<>(periods));
        this.mask = Limits.maskOf(periods);
        this.budget = budget;
        this.hand = counters.values().iterator();
    }

    @Override
    public void acquire(String key, Limits limits, long cost, long now, Outcome outcome) {
        if (limits.mask() != mask) {
            throw new IllegalArgumentException("limits: " + limits + " (expected: over " + periods + ")");
        }
        String known = key.length() > LONGEST_KEY ? digest(key) : key;
        while (true) {
            Counter counter = counters.get(known);
            if (counter == null) {
                counter = create(known, now);
            }
            if (counter.acquire(limits, cost, now, outcome)) {
                return;
            }
            drop(counter);
        }
    }

    @Override
    public int sweep(long now, int most) {
        sweeping.lock();
        try {
            return sweepSome(now, most);
        } finally {
            sweeping.unlock();
        }
    }

    @Override
    public long keys() {
        return counters.mappingCount();
    }

    @Override
    public void close() {
        counters.values().forEach(this::forget);
    }

    private Counter create(String key, long now) {
        if (sweeping.tryLock()) {
            try {
                sweepSome(now, SWEPT_PER_NEW_KEY);
            } finally {
                sweeping.unlock();
            }
        }
        takeFromBudget(now);
        Counter fresh = new Counter(key, periods, now);
        Counter other = counters.putIfAbsent(key, fresh);
        if (other != null) {
            budget.giveBack();
            return other;
        }
        return fresh;
    }

    private void takeFromBudget(long now) {
        while (!budget.take()) {
            if (counters.mappingCount() < FLOOR) {
                budget.overdraw();
                return;
            }
            sweeping.lock();
            try {
                replaceOne(now);
            } finally {
                sweeping.unlock();
            }
        }
    }

    private void replaceOne(long now) {
        @Nullable Counter least = null;
        for (int i = 0; i < SAMPLE; i++) {
            Counter next = next();
            if (next == null || next.forgetIfExpired(now)) {
                least = next;
                break;
            }
            if (least == null || next.use() < least.use()) {
                least = next;
            }
        }
        if (least != null) {
            forget(least);
        }
    }

    private int sweepSome(long now, int most) {
        int forgotten = 0;
        long looks = Math.min(most, counters.mappingCount());
        for (long i = 0; i < looks; i++) {
            Counter next = next();
            if (next == null) {
                break;
            }
            if (next.forgetIfExpired(now)) {
                drop(next);
                forgotten++;
            }
        }
        return forgotten;
    }

    /** The next counter in a never-ending round; null only if there is none. Guarded by {@link #sweeping}. */
    private @Nullable Counter next() {
        if (!hand.hasNext()) {
            hand = counters.values().iterator();
        }
        return hand.hasNext() ? hand.next() : null;
    }

    private void forget(Counter counter) {
        counter.forget();
        drop(counter);
    }

    private void drop(Counter counter) {
        if (counters.remove(counter.key(), counter)) {
            budget.giveBack();
        }
    }

    /** NUL first: no other key begins so. */
    private static String digest(String key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return '\0' + HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
