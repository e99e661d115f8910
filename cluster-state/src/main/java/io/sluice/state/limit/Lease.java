package io.sluice.state.limit;

/**
 * The tokens of one key that this node may spend under the same {@link Claims}, and which of them are in use. When ownership
 * changes, the lease is closed - after that it never admits again - and its successor goes on with what was in use: so no
 * token is admitted by a thread that has not heard of the change yet. All methods may be called by any thread.
 */
abstract sealed class Lease permits CountingLease, BucketLease, InFlightLease {

    /** What became of {@link #take}. */
    enum Taken {
        ADMITTED,
        REFUSED,
        /** The lease is closed; there is, or will be at once, another. */
        CLOSED
    }

    private final Claims claims;

    Lease(Claims claims) {
        this.claims = claims;
    }

    /** The first lease of a key. */
    static Lease first(WindowType type, Claims claims, long now) {
        return switch (type) {
            case FIXED -> new FixedLease(claims, now);
            case SLIDING -> new SlidingLease(claims, now);
            case BUCKET -> BucketLease.first(claims, now);
            case CONCURRENCY -> new InFlightLease(claims, 0);
        };
    }

    final Claims claims() {
        return claims;
    }

    /** Takes {@code cost} tokens of every position, or none, and fills the outcome unless the lease is closed. */
    abstract Taken take(long cost, long now, Outcome outcome);

    /**
     * As {@link #take}, but takes tokens that are not there as well, unless as many are in use already as the limit of a
     * position allows to all nodes together.
     */
    abstract Taken charge(long cost, long now, Outcome outcome);

    /** Fills the outcome with what is in use. */
    final void look(long now, Outcome outcome) {
        for (int i = 0; i < claims.limits().size(); i++) {
            outcome.found(i, used(i, now), freeAt(i, now));
        }
        outcome.refuse(now);
    }

    /** The same; admitted if this node has a free token of every position. */
    final boolean hasFree(long now, Outcome outcome) {
        look(now, outcome);
        for (int i = 0; i < claims.limits().size(); i++) {
            if (outcome.used(i) >= claims.own(i, now)) {
                return false;
            }
        }
        outcome.admit(now, 0);
        return true;
    }

    /** Whether more of a position is in use than this node owns. */
    final boolean owes(long now) {
        for (int i = 0; i < claims.limits().size(); i++) {
            if (free(i, now) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Gives tokens back before their time; only for those of {@link InFlightLease}. False if the lease is closed. */
    boolean giveBack(long cost) {
        return true;
    }

    /** Ends this lease: every {@link #take} that begins or is under way finds it closed. */
    abstract void close();

    /** The successor of this closed lease. */
    abstract Lease next(Claims changed, long now);

    /** How many tokens of a position are in use. */
    abstract long used(int position, long now);

    /** When the next token of a position becomes free if one is in use, milliseconds since the epoch. */
    abstract long freeAt(int position, long now);

    /** How many tokens this node could spend now; negative if it gave away or lost more than it has free. */
    final long free(int position, long now) {
        return claims.own(position, now) - used(position, now);
    }

    /**
     * Marks in an outcome the positions that have not enough tokens here, as those of all nodes together.
     *
     * @param cost 0 as for one token
     */
    final void tellExhausted(long cost, long now, Outcome outcome) {
        for (int i = 0; i < claims.limits().size(); i++) {
            if (free(i, now) < Math.max(1, cost)) {
                outcome.exhausted(i, claims.limits().allowed(i));
            }
        }
    }

    /** Whether no token is in use, so that nothing is forgotten with this lease. */
    final boolean idle(long now) {
        for (int i = 0; i < claims.limits().size(); i++) {
            if (used(i, now) > 0) {
                return false;
            }
        }
        return true;
    }
}
