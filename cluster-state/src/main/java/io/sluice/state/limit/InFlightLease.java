package io.sluice.state.limit;

import java.util.concurrent.atomic.AtomicLong;

/** So many at a time: a token is free again when it is given back. */
final class InFlightLease extends Lease {

    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicLong inFlight;

    InFlightLease(Claims claims, long inFlight) {
        super(claims);
        this.inFlight = new AtomicLong(inFlight);
    }

    @Override
    Taken take(long cost, long now, Outcome outcome) {
        return take(cost, claims().own(0, now) - cost, now, outcome);
    }

    @Override
    Taken charge(long cost, long now, Outcome outcome) {
        return take(cost, claims().limits().allowed(0) - 1, now, outcome);
    }

    private Taken take(long cost, long mostBefore, long now, Outcome outcome) {
        while (true) {
            long seen = inFlight.get();
            if (seen < 0) {
                return Taken.CLOSED;
            }
            outcome.found(0, seen, now);
            if (seen > mostBefore) {
                outcome.refuse(now);
                return Taken.REFUSED;
            }
            if (inFlight.compareAndSet(seen, seen + cost)) {
                outcome.admit(now, cost);
                return Taken.ADMITTED;
            }
        }
    }

    @Override
    boolean giveBack(long cost) {
        while (true) {
            long seen = inFlight.get();
            if (seen < 0) {
                return false;
            }
            if (inFlight.compareAndSet(seen, Math.max(0, seen - cost))) {
                return true;
            }
        }
    }

    @Override
    void close() {
        inFlight.getAndUpdate(seen -> seen | CLOSED);
    }

    @Override
    Lease next(Claims changed, long now) {
        return new InFlightLease(changed, inFlight.get() & ~CLOSED);
    }

    @Override
    long used(int position, long now) {
        return inFlight.get() & ~CLOSED;
    }

    @Override
    long freeAt(int position, long now) {
        return now;
    }
}
