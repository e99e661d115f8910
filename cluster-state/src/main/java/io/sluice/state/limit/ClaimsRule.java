package io.sluice.state.limit;

import java.util.List;

/**
 * What a node owns of a key, from memberships and transfers. Everybody who knows the same comes to the same answer:
 * {@code own(i) = share(i) + received(i) - given(i)}, summed up over the members of a membership and its generation, and of
 * several that may apply the least.
 */
final class ClaimsRule {

    /** Clocks of nodes differ by less than this, with the cluster's agreed time. */
    private static final long SKEW_MILLIS = 1_000;

    /** Longest request that still counts when tokens at a time are shared out afresh. */
    static final long CONCURRENCY_MILLIS = 60_000;

    private final WindowType type;
    private final Limits limits;
    private final long hash;
    private final KeyLedger ledger;
    private final RosterHistory history;

    ClaimsRule(WindowType type, Limits limits, long hash, KeyLedger ledger, RosterHistory history) {
        this.type = type;
        this.limits = limits;
        this.hash = hash;
        this.ledger = ledger;
        this.history = history;
    }

    /** What this node may spend from now on. */
    Claims claims(long now) {
        int size = limits.size();
        long[] own = new long[size];
        long[] from = new long[size];
        long[] then = new long[size];
        long expires = Claims.NEVER;
        for (int i = 0; i < size; i++) {
            own[i] = own(i, now);
            from[i] = nextChange(i, now);
            then[i] = own[i];
            if (from[i] != Claims.NEVER) {
                then[i] = own(i, from[i]);
                expires = Math.min(expires, nextChange(i, from[i]));
            }
        }
        return Claims.of(limits, own, from, then, expires);
    }

    /** Which slot of rows a position of the limits has. */
    static int slot(Limits limits, int position) {
        return limits.periods().isEmpty()
                ? TransferRow.CONCURRENT
                : limits.periods().get(position).bitPosition();
    }

    /** What this node owns at a time: the least of what the memberships and generations give that apply. */
    long own(int position, long time) {
        int slot = slot(limits, position);
        Period period = period(position);
        List<RosterHistory.Phase> phases = history.phases();
        long generation = Generation.of(type, period, time);
        long before = previousGeneration(period, time);
        long least = Long.MAX_VALUE;
        for (int i = phases.size() - 1; i >= 0; i--) {
            RosterHistory.Phase phase = phases.get(i);
            boolean settled = settledAt(phase, period, time);
            if (settled || takesAt(phase, period, time)) {
                least = Math.min(least, under(phase, position, slot, generation));
                if (before >= 0) {
                    least = Math.min(least, under(phase, position, slot, before));
                }
            }
            if (settled) {
                break;
            }
        }
        return least - ledger.held(slot, time);
    }

    private long under(RosterHistory.Phase phase, int position, int slot, long generation) {
        long self = history.self();
        return phase.contains(self)
                ? Holders.share(hash, limits.allowed(position), phase.members(), self)
                        + ledger.balance(slot, generation, self, phase)
                : 0;
    }

    /** What another member owns as far as this node knows. */
    long ownOf(long node, int position, long time) {
        RosterHistory.Phase phase = history.last();
        return phase.contains(node)
                ? Holders.share(hash, limits.allowed(position), phase.members(), node)
                        + ledger.balance(
                                slot(limits, position), Generation.of(type, period(position), time), node, phase)
                : 0;
    }

    /** Whether a membership may be relied on: all know of it, and no token that another one gave is in use any more. */
    private boolean settledAt(RosterHistory.Phase phase, Period period, long time) {
        return switch (type) {
            case FIXED -> phase.settled() <= windowStart(period, time);
            case SLIDING, BUCKET -> phase.settled() <= time - millis(period);
            case CONCURRENCY -> phase.settled() <= time;
        };
    }

    /**
     * Whether what a membership takes away is gone. The tokens of somebody who has been removed may be used to the end of a
     * calendar window: nobody else gets them before another one begins.
     */
    private boolean takesAt(RosterHistory.Phase phase, Period period, long time) {
        return type != WindowType.FIXED || !phase.removal() || phase.learned() <= windowStart(period, time);
    }

    /** The generation that ended so short a time ago that its tokens may still be in use; -1 if there is none. */
    private long previousGeneration(Period period, long time) {
        if (type == WindowType.FIXED) {
            return -1;
        }
        long locked = type == WindowType.CONCURRENCY ? CONCURRENCY_MILLIS : millis(period);
        long earlier = Generation.of(type, period, time - locked - SKEW_MILLIS);
        return earlier == Generation.of(type, period, time) ? -1 : earlier;
    }

    /** The first time after {@code time} at which the answer may be another. */
    private long nextChange(int position, long time) {
        Period period = period(position);
        long next = Claims.NEVER;
        for (RosterHistory.Phase phase : history.phases()) {
            next = sooner(next, settles(phase, period), time);
            if (type == WindowType.FIXED && phase.removal()) {
                next = sooner(next, nextWindow(period, phase.learned() - 1), time);
            }
        }
        int slot = slot(limits, position);
        for (KeyLedger.Hold hold : ledger.holds()) {
            if (hold.slot() == slot) {
                next = sooner(next, hold.until(), time);
            }
        }
        for (TransferRow row : ledger.rows()) {
            if (row.slot() == slot) {
                long end = Generation.endMillis(row.generation());
                next = sooner(next, end, time);
                if (type != WindowType.FIXED) {
                    long locked = type == WindowType.CONCURRENCY ? CONCURRENCY_MILLIS : millis(period);
                    next = sooner(next, end + locked + SKEW_MILLIS, time);
                }
            }
        }
        return next;
    }

    private long settles(RosterHistory.Phase phase, Period period) {
        if (phase.settled() == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        return switch (type) {
            case FIXED -> nextWindow(period, phase.settled() - 1);
            case SLIDING, BUCKET -> phase.settled() + millis(period);
            case CONCURRENCY -> phase.settled();
        };
    }

    private static long sooner(long next, long candidate, long after) {
        return candidate > after && candidate < next ? candidate : next;
    }

    private Period period(int position) {
        return limits.periods().isEmpty() ? Period.SECOND : limits.periods().get(position);
    }

    private static long millis(Period period) {
        return period.nominalSeconds() * 1000;
    }

    static long windowStart(Period period, long time) {
        return period.start(period.index(time));
    }

    /** The start of the first window that begins after a time. */
    static long nextWindow(Period period, long time) {
        return period.start(period.index(time) + 1);
    }
}
