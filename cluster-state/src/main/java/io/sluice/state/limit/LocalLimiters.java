package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;

/** Limiters of a node without peers: whatever reach a rule asks for, it is this node's. Thread-safe. */
public final class LocalLimiters implements Limiters {

    private final KeyBudget budget;
    private final TokenClock clock;
    private final Map<LimitRule, Opened> opened = new HashMap<>();

    /** Limiters that remember at most so many keys together. */
    public LocalLimiters(KeyBudget budget, TokenClock clock) {
        this.budget = budget;
        this.clock = clock;
    }

    private static final class Opened {
        private final TokenPool pool;
        private int users;

        Opened(TokenPool pool) {
            this.pool = pool;
        }
    }

    @Override
    public RateLimiter open(LimitRule rule, Limits limits) {
        synchronized (opened) {
            Opened known = opened.computeIfAbsent(
                    rule,
                    fresh -> new Opened(
                            new TokenPool(rule, limits, budget, clock, Ownership.SOLE, () -> closed(fresh))));
            known.users++;
            known.pool.limits(limits);
            return known.pool;
        }
    }

    private void closed(LimitRule rule) {
        synchronized (opened) {
            Opened known = opened.get(rule);
            if (known != null && --known.users == 0) {
                opened.remove(rule);
                known.pool.clear();
            }
        }
    }

    /** Looks at some keys and forgets those not in use; to be called some times a second, by one thread at a time. */
    public void sweep(int most) {
        TokenPool[] pools;
        synchronized (opened) {
            pools = opened.values().stream().map(known -> known.pool).toArray(TokenPool[]::new);
        }
        for (TokenPool pool : pools) {
            pool.sweep(most / pools.length + 1);
        }
    }
}
