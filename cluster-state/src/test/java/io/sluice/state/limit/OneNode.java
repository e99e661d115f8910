package io.sluice.state.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The limiters of one of several nodes; the test plays the others, the clock and the lane's thread. */
final class OneNode implements ClusterLimiters.Link {

    static final UUID RULE = new UUID(0xC0FFEE, 1);
    static final long SELF = 1;
    static final long OTHER = 2;

    final List<PoolMessage> sent = new ArrayList<>();
    final List<TransferRow> changed = new ArrayList<>();
    final ClusterLimiters limiters;
    final Limits limits;
    long now;
    private final LimitRule rule;
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** A member of a cluster, which consists of {@code members}, since ever. */
    OneNode(WindowType type, Limits limits, long now, long... members) {
        this.now = now;
        this.limits = limits;
        rule = new LimitRule(RULE, Reach.CLUSTER, type, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
        limiters = new ClusterLimiters(
                new KeyBudget(10_000),
                () -> this.now,
                Contact.always(),
                List.of(this),
                new Roster(SELF, members, Set.of()),
                Estates.of(List.of(new Era(0, Long.MIN_VALUE, members)), List.of()));
    }

    TokenPool open() {
        return (TokenPool) limiters.open(rule, limits);
    }

    ClusterLimiters.Lane lane() {
        return limiters.lanes().get(0);
    }

    Outcome acquire(RateLimiter limiter, String key) {
        var outcome = new Outcome(limits.size());
        limiter.acquire(key, limits, 1, outcome);
        return outcome;
    }

    /** How many of so many requests are admitted at once. */
    int admitted(RateLimiter limiter, String key, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += acquire(limiter, key).admitted() ? 1 : 0;
        }
        return admitted;
    }

    long owned(String key) {
        return limiters.view(RULE, key).orElseThrow().positions().get(0).owned();
    }

    /** A row of the first period's current generation. */
    TransferRow row(long hash, int slot, long donor, long recipient, long free, long locked) {
        long generation = slot == TransferRow.CONCURRENT
                ? Generation.of(WindowType.CONCURRENCY, Period.SECOND, now)
                : Generation.of(rule.windowType(), Period.values()[slot], now);
        return new TransferRow(rule.shared(), hash, slot, generation, 0, donor, recipient, free, locked, now);
    }

    static boolean done(Outcome outcome) {
        return outcome.pending()
                .map(pending -> pending.toCompletableFuture().isDone())
                .orElse(true);
    }

    void runTasks() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    /** All of its tokens to the other one. */
    void handOver() {
        lane().handOver(OTHER, () -> {});
        while (lane().goOn()) {}
    }

    @Override
    public void run(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void send(long member, PoolMessage message) {
        sent.add(message);
    }

    @Override
    public void changed(TransferRow row) {
        changed.add(row);
    }
}
