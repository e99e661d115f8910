package io.sluice.state.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Buckets that fill continuously, one for each period: the generic cell rate algorithm (ITU-T I.371), which keeps for each the
 * time at which it will be full again. A bucket's tokens carry their part of the refill with them, so that all nodes together
 * never admit more than the limit plus what flows in.
 *
 * <p>Unlike calendar windows, several buckets cannot be taken from in one step: what was taken is put back if a later bucket
 * has no room. In between, another request may be refused that a longer period's bucket was about to refuse.
 */
final class BucketLease extends Lease {

    private static final long CLOSED = Long.MIN_VALUE;
    private static final VarHandle FULL_AT = MethodHandles.arrayElementVarHandle(long[].class);
    /** Microseconds keep fractions of a millisecond's refill; enough for the next 290,000 years. */
    private static final long MICROS = 1000;

    /** Threads look at the clock at different moments: so little of a token is not told as one more that is missing. */
    private static final long APART_MICROS = 20 * MICROS;

    private final long[] fullAt;

    private BucketLease(Claims claims, long[] fullAt) {
        super(claims);
        this.fullAt = fullAt;
    }

    static Lease first(Claims claims, long now) {
        return new BucketLease(claims, new long[claims.limits().size()]);
    }

    @Override
    Taken take(long cost, long now, Outcome outcome) {
        int size = claims().limits().size();
        for (int i = 0; i < size; i++) {
            Taken taken = take(i, cost, now, outcome);
            if (taken != Taken.ADMITTED) {
                for (int j = 0; j < i; j++) {
                    putBack(j, cost, now);
                }
                if (taken == Taken.REFUSED) {
                    for (int j = i + 1; j < size; j++) {
                        outcome.found(j, used(j, now), freeAt(j, now));
                    }
                    outcome.refuse(now);
                }
                return taken;
            }
        }
        outcome.admit(now, cost);
        return Taken.ADMITTED;
    }

    private Taken take(int position, long cost, long now, Outcome outcome) {
        long own = claims().own(position, now);
        long token = worth(position, 1, Math.max(1, own));
        long worth = cost == 1 ? token : worth(position, cost, Math.max(1, own));
        while (true) {
            long seen = (long) FULL_AT.getVolatile(fullAt, position);
            if (seen < 0) {
                return Taken.CLOSED;
            }
            long level = level(position, seen - Math.min(APART_MICROS, token / 2), own, now);
            long full = Math.max(seen, now * MICROS) + worth;
            if (own < cost || full > now * MICROS + micros(position)) {
                outcome.found(position, level, freeAt(position, seen, own, now));
                return Taken.REFUSED;
            }
            if (FULL_AT.compareAndSet(fullAt, position, seen, full)) {
                outcome.found(position, level, freeAt(position, full, own, now));
                return Taken.ADMITTED;
            }
        }
    }

    @Override
    Taken charge(long cost, long now, Outcome outcome) {
        look(now, outcome);
        int size = claims().limits().size();
        for (int i = 0; i < size; i++) {
            if (outcome.used(i) >= claims().limits().allowed(i)) {
                return Taken.REFUSED;
            }
        }
        for (int i = 0; i < size; i++) {
            if (!draw(i, cost, now)) {
                for (int j = 0; j < i; j++) {
                    putBack(j, cost, now);
                }
                return Taken.CLOSED;
            }
            outcome.found(i, outcome.used(i), freeAt(i, now));
        }
        outcome.admit(now, cost);
        return Taken.ADMITTED;
    }

    /** Takes more than there is if need be, at most a second bucket full; false if the lease is closed. */
    private boolean draw(int position, long cost, long now) {
        long most = 2 * micros(position);
        long worth = Math.min(most, worth(position, cost, Math.max(1, claims().own(position, now))));
        while (true) {
            long seen = (long) FULL_AT.getVolatile(fullAt, position);
            if (seen < 0) {
                return false;
            }
            long full = Math.min(Math.max(seen, now * MICROS) + worth, now * MICROS + most);
            if (FULL_AT.compareAndSet(fullAt, position, seen, Math.max(seen, full))) {
                return true;
            }
        }
    }

    /** Also into a closed bucket, whose successor may have begun without it: then the tokens are lost until they refill. */
    private void putBack(int position, long cost, long now) {
        long own = claims().own(position, now);
        while (true) {
            long seen = (long) FULL_AT.getVolatile(fullAt, position);
            long next = Math.max(0, (seen & ~CLOSED) - worth(position, cost, own)) | seen & CLOSED;
            if (FULL_AT.compareAndSet(fullAt, position, seen, next)) {
                return;
            }
        }
    }

    @Override
    void close() {
        for (int i = 0; i < fullAt.length; i++) {
            FULL_AT.getAndBitwiseOr(fullAt, i, CLOSED);
        }
    }

    /** As many tokens as are missing now are missing then, though they come back at another pace. */
    @Override
    Lease next(Claims changed, long now) {
        Limits limits = changed.limits();
        int[] origins = CountingLease.origins(claims().limits(), limits);
        long[] next = new long[limits.size()];
        for (int i = 0; i < next.length; i++) {
            if (origins[i] >= 0) {
                // A started token stays a started one: claims change often, and each time some of it would be lost.
                long behind = (read(origins[i]) & ~CLOSED) - now * MICROS;
                double pace = (double) Math.max(1, claims().own(origins[i], now)) / Math.max(1, changed.own(i, now));
                next[i] = behind <= 0 ? 0 : now * MICROS + (long) Math.ceil(behind * pace);
            }
        }
        return new BucketLease(changed, next);
    }

    private long read(int position) {
        return (long) FULL_AT.getVolatile(fullAt, position);
    }

    @Override
    long used(int position, long now) {
        long seen = read(position) & ~CLOSED;
        return level(position, seen, claims().own(position, now), now);
    }

    /** When the next whole token has dropped in; after more was taken than there is, when there is one to take again. */
    @Override
    long freeAt(int position, long now) {
        return freeAt(position, read(position) & ~CLOSED, claims().own(position, now), now);
    }

    private long freeAt(int position, long full, long owned, long now) {
        long own = Math.max(1, owned);
        long level = level(position, full, own, now);
        if (level == 0) {
            return now;
        }
        double behind = Math.min(level, own) - 1;
        long drop = full - (long) (behind * micros(position) / own);
        return Math.max(now + 1, (drop + MICROS - 1) / MICROS);
    }

    /** How many tokens are missing, a started one counting as a whole. */
    private long level(int position, long full, long own, long now) {
        double behind = full - (double) now * MICROS;
        return behind <= 0 ? 0 : (long) Math.ceil(behind * Math.max(1, own) / micros(position) - 1e-9);
    }

    private long worth(int position, long cost, long own) {
        return (long) Math.ceil((double) cost * micros(position) / own);
    }

    private long micros(int position) {
        return claims().limits().micros(position);
    }
}
