package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Tells the other members how much of its keys this node has used, so that clients hear of one limit and not of this node's
 * part. Only of keys that have used up more than half of what the node owns, and only if that has changed: what stays below
 * costs nothing. Nothing is decided by it, so it may be lost. Of the lane's thread only.
 */
final class UsageReport {

    /** At most so many keys are reported at a time, so that a report does not keep the lane from moving tokens. */
    private static final int MOST = 10_000;

    /** By key: a mix of what was reported last. */
    private Map<Long, Long> last = new HashMap<>();

    void run(Iterable<TokenPool> pools, LongPredicate mine, long self, long now, Consumer<PoolMessage.Usage> send) {
        Map<Long, Long> reported = new HashMap<>();
        for (TokenPool pool : pools) {
            if (pool.rule().windowType() == WindowType.FIXED) {
                pool.table().forEach(entry -> {
                    if (reported.size() < MOST && mine.test(entry.hash())) {
                        report(pool, entry, self, now, reported, send);
                    }
                });
            }
        }
        last = reported;
    }

    private void report(
            TokenPool pool,
            Entry entry,
            long self,
            long now,
            Map<Long, Long> reported,
            Consumer<PoolMessage.Usage> send) {
        Lease lease = entry.lease();
        if (lease == null) {
            return;
        }
        Limits limits = lease.claims().limits();
        for (int i = 0; i < limits.size(); i++) {
            long used = lease.used(i, now) + Overdraft.used(entry, limits, i, now);
            long own = lease.claims().own(i, now);
            if (used > 0 && used * 2 > own) {
                Period period = limits.periods().get(i);
                long window = ClaimsRule.windowStart(period, now);
                int slot = ClaimsRule.slot(limits, i);
                long name = entry.hash() * 31 + slot;
                long mix = window * 31 + used;
                reported.put(name, mix);
                Long before = last.get(name);
                if (before == null || before != mix) {
                    send.accept(new PoolMessage.Usage(pool.id(), entry.hash(), slot, self, window, used));
                }
            }
        }
    }

    /** What another member says it uses. */
    static void hear(TokenPool pool, PoolMessage.Usage usage) {
        Entry entry = pool.table().find(usage.hash());
        if (entry != null && usage.used() > 0) {
            entry.elsewhere(entry.elsewhere().with(usage.slot(), usage.window(), usage.node(), usage.used()));
        }
    }

    /** Adds to an outcome what others are known to use, up to the limit. */
    static void add(Entry entry, Lease lease, Outcome outcome) {
        Elsewhere elsewhere = entry.elsewhere();
        Elsewhere remembered = lease.claims().remembered();
        if (elsewhere.isNothing() && remembered.isNothing()) {
            return;
        }
        Limits limits = lease.claims().limits();
        for (int i = 0; i < limits.periods().size(); i++) {
            long window = ClaimsRule.windowStart(limits.periods().get(i), outcome.time());
            long room = Math.max(0, limits.allowed(i) - outcome.used(i));
            outcome.addElsewhere(i, Math.min(room, elsewhere.sum(ClaimsRule.slot(limits, i), window, remembered)));
        }
    }
}
