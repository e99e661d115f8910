package io.sluice.state.limit;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Claims that many keys of a rule have in common: a node owns one of a few shares of every key of which nothing was transferred.
 * One object for all of them halves what a key costs. Thread-safe.
 */
final class UsualClaims {

    /** Shares differ by the remainder that the home has and by whether this node has one at all. */
    private static final int KINDS = 8;

    private final AtomicReferenceArray<Claims> usual = new AtomicReferenceArray<>(KINDS);

    /** The same claims, as an object that other keys may have as well. */
    Claims share(Claims fresh) {
        int size = fresh.limits().size();
        for (int i = 0; i < size; i++) {
            if (!isForGood(fresh, i)) {
                return fresh;
            }
        }
        int kind = (int) fresh.own(0, 0) & KINDS - 1;
        Claims known = usual.get(kind);
        if (known != null && same(known, fresh)) {
            return known;
        }
        usual.set(kind, fresh);
        return fresh;
    }

    /** No time is known at which the node owns more or less of this position. */
    private static boolean isForGood(Claims claims, int position) {
        return !claims.expired(Claims.NEVER - 1)
                && claims.own(position, Long.MIN_VALUE) == claims.own(position, Claims.NEVER);
    }

    @SuppressWarnings("ReferenceEquality") // claims for equal limits may be apart
    private static boolean same(Claims known, Claims fresh) {
        if (known.limits() != fresh.limits()) {
            return false;
        }
        for (int i = 0; i < known.limits().size(); i++) {
            if (known.own(i, 0) != fresh.own(i, 0)) {
                return false;
            }
        }
        return true;
    }
}
