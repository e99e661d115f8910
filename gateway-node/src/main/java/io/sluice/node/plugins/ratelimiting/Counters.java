package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.PluginContext;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LocalLimiter;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.RateLimiter;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What one configuration of the plugin has counted. Outlives revisions: a limit may change without anybody starting afresh,
 * as long as the same periods are limited. A timer forgets keys of windows that are over.
 */
final class Counters implements AutoCloseable {

    private static final long SWEEP_SECONDS = 1;
    private static final int SWEPT_AT_ONCE = 10_000;

    private final RateLimiter limiter;
    private final ScheduledFuture<?> sweeper;

    private Counters(RateLimiter limiter, InstantSource clock, ScheduledExecutorService background) {
        this.limiter = limiter;
        this.sweeper = background.scheduleWithFixedDelay(
                () -> limiter.sweep(clock.millis(), SWEPT_AT_ONCE), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    /** The counters of the plugin that is being made; new ones if it is new. */
    static Counters of(PluginContext context, List<Period> periods, long mostKeys) {
        KeyBudget budget = context.resource(KeyBudget.class, () -> new KeyBudget(mostKeys));
        return context.resource(
                new Key(context.plugin().id(), periods),
                () -> new Counters(new LocalLimiter(periods, budget), context.clock(), context.background()));
    }

    RateLimiter limiter() {
        return limiter;
    }

    @Override
    public void close() {
        sweeper.cancel(false);
        limiter.close();
    }

    private record Key(UUID plugin, List<Period> periods) {}
}
