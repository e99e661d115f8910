package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells the other members how much of its keys this node has used, so that clients hear of one limit and not of this node's
 * part. Only of keys that have used up more than half of what the node owns, and only if that has changed: what stays below
 * costs nothing. Of windows that slide or flow it is said again from time to time, since what was said slides out, and taken back
 * when it falls below. Nothing is decided by it, so it may be lost. Of the lane's thread only, but for what says otherwise.
 */
final class UsageReport {

    /** At most so many keys are reported at a time, so that a report does not keep the lane from moving tokens. */
    private static final int MOST = 10_000;

    /** By key: a mix of what was reported last. */
    private Map<Long, Long> last = new HashMap<>();
    /** The same of the report that is being made. */
    private Map<Long, Long> reported = new HashMap<>();

    private final Unknown unknown = new Unknown();

    /** A report begins, to which every key belongs. */
    void begin() {
        reported = new HashMap<>();
    }

    void end() {
        last = reported;
    }

    /** A key's part of the report. */
    void report(TokenPool pool, Entry entry, long self, long now, Consumer<PoolMessage.Usage> send) {
        WindowType type = pool.rule().windowType();
        Lease lease = entry.lease();
        if (type == WindowType.CONCURRENCY || lease == null || reported.size() >= MOST) {
            return;
        }
        Limits limits = lease.claims().limits();
        for (int i = 0; i < limits.size(); i++) {
            long used = lease.used(i, now) + Overdraft.used(entry, limits, i, now);
            int slot = ClaimsRule.slot(limits, i);
            long name = entry.hash() * 31 + slot;
            Long before = last.get(name);
            boolean much = used > 0 && used * 2 > lease.claims().own(i, now);
            // What does not end with a window is taken back when it has become little.
            if (much || before != null && type != WindowType.FIXED) {
                long told = much ? used : 0;
                long window = window(type, limits.periods().get(i), now);
                long mix = window * 31 + told;
                if (much) {
                    reported.put(name, mix);
                }
                if (before == null || before != mix) {
                    long time = type == WindowType.FIXED ? window : now;
                    send.accept(new PoolMessage.Usage(pool.id(), entry.hash(), slot, self, time, told));
                }
            }
        }
    }

    /** As long as it is the same, the same use is not reported again. */
    private static long window(WindowType type, Period period, long now) {
        return type == WindowType.FIXED
                ? ClaimsRule.windowStart(period, now)
                : now / Math.max(Elsewhere.LATE_MILLIS, period.nominalSeconds() * 500);
    }

    /** What another member says it uses. */
    void hear(TokenPool pool, PoolMessage.Usage usage, long now) {
        if (usage.used() < 0 || usage.slot() == TransferRow.CONCURRENT) {
            return;
        }
        Entry entry = pool.table().find(usage.hash());
        if (entry != null) {
            entry.elsewhere(with(entry.elsewhere(), pool.rule().windowType(), usage, now));
        } else {
            unknown.put(
                    usage.hash(), with(unknown.get(usage.hash()), pool.rule().windowType(), usage, now));
        }
    }

    private static Elsewhere with(Elsewhere known, WindowType type, PoolMessage.Usage usage, long now) {
        if (type == WindowType.FIXED) {
            return known.with(usage.slot(), usage.window(), usage.node(), usage.used());
        }
        long millis = Period.values()[usage.slot()].nominalSeconds() * 1000;
        long time = Math.min(usage.window(), now);
        return known.with(usage.slot(), time, usage.node(), usage.used(), time - millis - Elsewhere.LATE_MILLIS);
    }

    /** What was said of a key before it was used here. Any thread. */
    void recall(Entry entry) {
        Elsewhere said = unknown.get(entry.hash());
        if (!said.isNothing() && entry.elsewhere().isNothing()) {
            entry.elsewhere(said);
        }
    }

    /** Adds to an outcome what others are known to use, up to the limit. */
    static void add(WindowType type, Entry entry, Lease lease, Outcome outcome) {
        Elsewhere elsewhere = entry.elsewhere();
        Elsewhere remembered = lease.claims().remembered();
        if (elsewhere.isNothing() && remembered.isNothing()) {
            return;
        }
        Limits limits = lease.claims().limits();
        for (int i = 0; i < limits.periods().size(); i++) {
            Period period = limits.periods().get(i);
            int slot = ClaimsRule.slot(limits, i);
            long room = Math.max(0, limits.allowed(i) - outcome.used(i));
            long theirs = type == WindowType.FIXED
                    ? elsewhere.sum(slot, ClaimsRule.windowStart(period, outcome.time()), remembered)
                    : elsewhere.sum(slot, period.nominalSeconds() * 1000, type == WindowType.BUCKET, outcome.time());
            outcome.addElsewhere(i, Math.min(room, theirs));
        }
    }

    /** What is said of keys that are not known here; those of which nobody has spoken for long are forgotten. One thread puts, any gets. */
    private static final class Unknown {
        private static final int HALF = 5_000;

        private volatile Map<Long, Elsewhere> young = new ConcurrentHashMap<>();
        private volatile Map<Long, Elsewhere> old = Map.of();

        Elsewhere get(long hash) {
            Elsewhere known = young.get(hash);
            return known != null ? known : old.getOrDefault(hash, Elsewhere.NOTHING);
        }

        void put(long hash, Elsewhere said) {
            if (young.size() >= HALF) {
                old = young;
                young = new ConcurrentHashMap<>();
            }
            young.put(hash, said);
        }
    }
}
