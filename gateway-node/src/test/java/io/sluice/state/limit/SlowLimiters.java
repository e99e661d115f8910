package io.sluice.state.limit;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Limiters that take their time: every acquisition is pending until the test lets it through. */
public final class SlowLimiters implements Limiters {
    private final Limiters behind;
    private final BlockingQueue<Runnable> parked = new LinkedBlockingQueue<>();

    public SlowLimiters(Limiters behind) {
        this.behind = behind;
    }

    /** Answers the oldest request that waits, waiting for one, on a thread of its own; returns when that is done. */
    public void answerOne() throws Exception {
        var oldest = parked.poll(10, TimeUnit.SECONDS);
        if (oldest == null) {
            throw new AssertionError("no request waits");
        }
        var decider = new Thread(oldest, "decider");
        decider.start();
        decider.join(10_000);
    }

    /** How many requests wait. */
    public int waiting() {
        return parked.size();
    }

    @Override
    public RateLimiter open(LimitRule rule, Limits limits) {
        return new Slow(behind.open(rule, limits));
    }

    private final class Slow implements RateLimiter {
        private final RateLimiter limiter;

        Slow(RateLimiter limiter) {
            this.limiter = limiter;
        }

        @Override
        public void acquire(String key, Limits limits, long cost, Outcome outcome) {
            CompletableFuture<Outcome> pending = outcome.park();
            parked.add(() -> {
                limiter.acquire(key, limits, cost, outcome);
                pending.complete(outcome);
            });
        }

        @Override
        public void peek(String key, Limits limits, Outcome outcome) {
            limiter.peek(key, limits, outcome);
        }

        @Override
        public void ensure(String key, Limits limits, Outcome outcome) {
            CompletableFuture<Outcome> pending = outcome.park();
            parked.add(() -> {
                limiter.ensure(key, limits, outcome);
                pending.complete(outcome);
            });
        }

        @Override
        public void charge(String key, Limits limits, long cost, Outcome outcome) {
            limiter.charge(key, limits, cost, outcome);
        }

        @Override
        public void release(Outcome outcome) {
            limiter.release(outcome);
        }

        @Override
        public long keys() {
            return limiter.keys();
        }

        @Override
        public void close() {
            limiter.close();
        }
    }
}
