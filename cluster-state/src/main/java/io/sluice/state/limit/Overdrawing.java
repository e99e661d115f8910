package io.sluice.state.limit;

import java.util.function.BooleanSupplier;

/**
 * When a node that has no token of a key left may use those of others: with {@link Mode#AVAILABLE} a few while they are believed
 * to have some, with {@link PeerPolicy#OPEN} those of members that cannot be reached. Any thread.
 */
final class Overdrawing {

    /** All nodes together owe less than this part of a limit with {@link Mode#AVAILABLE}. */
    private static final int PART = 10;

    private final TokenPool pool;
    private final LaneCounters counters;
    private final BooleanSupplier lost;

    /** @param lost whether this node has had no contact for so long that others may have been given its tokens */
    Overdrawing(TokenPool pool, LaneCounters counters, BooleanSupplier lost) {
        this.pool = pool;
        this.counters = counters;
        this.lost = lost;
    }

    /** Whether a request that its lease has refused goes on all the same; then the outcome says so. */
    boolean admits(Entry entry, Holdings holdings, Lease lease, long cost, Outcome outcome) {
        LimitRule rule = pool.rule();
        boolean admitted = rule.peers() == PeerPolicy.OPEN && borrows(entry, holdings, lease, cost, outcome)
                || rule.mode() == Mode.AVAILABLE && draws(entry, holdings, lease, cost, outcome);
        if (admitted) {
            long now = outcome.time();
            Limits limits = lease.claims().limits();
            for (int i = 0; i < limits.size(); i++) {
                outcome.found(
                        i, lease.used(i, now) + Overdraft.used(entry, limits, i, now) - cost, lease.freeAt(i, now));
            }
            outcome.admit(now, cost);
            counters.overdrawn.add(cost);
        }
        return admitted;
    }

    /** Adds what is overdrawn to what somebody who looked found in a lease. */
    static void add(Entry entry, Lease lease, Outcome outcome) {
        if (entry.overdraft() != null) {
            for (int i = 0; i < outcome.size(); i++) {
                outcome.addElsewhere(i, Overdraft.used(entry, lease.claims().limits(), i, outcome.time()));
            }
        }
    }

    private boolean borrows(Entry entry, Holdings holdings, Lease lease, long cost, Outcome outcome) {
        long now = outcome.time();
        Overdraft overdraft = entry.beginOverdraft();
        review(entry, overdraft, holdings, lease, now);
        if (!overdraft.borrows()) {
            return false;
        }
        boolean borrowed = overdraft.borrow(cost, now, outcome);
        if (!borrowed) {
            lease.look(now, outcome);
        }
        return borrowed;
    }

    private boolean draws(Entry entry, Holdings holdings, Lease lease, long cost, Outcome outcome) {
        long now = outcome.time();
        Overdraft known = entry.overdraft();
        Roster roster = holdings.roster();
        boolean isMember = roster.contains(roster.self()); // until then it counts for nobody
        if (now < entry.quietUntil() || holdings.isLeaving() || !isMember || known != null && known.borrows()) {
            return false;
        }
        Claims claims = lease.claims();
        long most = Long.MAX_VALUE;
        for (int i = 0; i < claims.limits().size(); i++) {
            long elsewhere = claims.limits().allowed(i) - Math.max(0, claims.own(i, now));
            most = Math.min(most, elsewhere / PART / roster.size());
        }
        return most >= cost && entry.beginOverdraft().draw(cost, most);
    }

    /** Looks again who can be reached, if that was long ago or who owns what has changed since. */
    private void review(Entry entry, Overdraft overdraft, Holdings holdings, Lease lease, long now) {
        if (overdraft.isDue(lease.claims(), now)) {
            LimitRule rule = pool.rule();
            Limits limits = lease.claims().limits();
            Unreached unreached = new Unreached(rule, holdings, lost.getAsBoolean());
            overdraft.reaches(unreached.reachable());
            long[] most = unreached.share(pool, limits, entry.hash(), now);
            long until = holdings.rule(pool, limits, entry.hash()).changes(now);
            if (rule.windowType() == WindowType.FIXED && lease.owes(now)) {
                until = Math.min(until, lease.freeAt(0, now));
            }
            overdraft.review(rule.windowType(), most, lease, until, now);
        }
    }

    /** Before a request takes tokens: pays back. What is in the outcome is lost. */
    void settle(Entry entry, Overdraft overdraft, Holdings holdings, Lease lease, long now, Outcome scratch) {
        if (overdraft.borrows()) {
            review(entry, overdraft, holdings, lease, now);
        }
        if (pool.rule().windowType() != WindowType.CONCURRENCY) { // there, what was drawn comes back by itself
            overdraft.settle(lease, now, scratch);
        }
    }
}
