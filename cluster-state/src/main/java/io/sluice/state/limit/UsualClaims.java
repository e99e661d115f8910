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
        int kind = (int) (fresh.own(0, 0) * 3 + fresh.own(0, Claims.NEVER - 1)) & KINDS - 1;
        Claims known = usual.get(kind);
        if (known != null && known.same(fresh)) {
            return known;
        }
        // What is for good is usual; also what waits for an era that all keys wait for, but not for one key's
        // transfers.
        if (known == null || known.change() != fresh.change() || isForGood(fresh)) {
            usual.set(kind, fresh);
        }
        return fresh;
    }

    /** No time is known at which the node owns more or less. */
    private static boolean isForGood(Claims claims) {
        for (int i = 0; i < claims.limits().size(); i++) {
            if (claims.own(i, Long.MIN_VALUE) != claims.own(i, Claims.NEVER - 1)) {
                return false;
            }
        }
        return !claims.expired(Claims.NEVER - 1);
    }
}
