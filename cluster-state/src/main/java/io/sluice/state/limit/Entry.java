package io.sluice.state.limit;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key of a {@link TokenPool} on this node. The lease is read by every request for the key; it is only replaced while the
 * entry's monitor is held, which is when ownership changes.
 */
final class Entry {

    /** The place of an entry that has been removed from the table. */
    static final Entry REMOVED = new Entry(0);

    private static final long FIRST_QUIET_MILLIS = 250;

    private final long hash;
    private volatile @Nullable Lease lease;
    private volatile Seldom seldom = Seldom.NOTHING;

    /**
     * What only few keys have, apart from what every decision reads, so that an entry and its lease lie in one or two lines of memory.
     */
    private static final class Seldom {
        /** Of all other keys; never written to. */
        private static final Seldom NOTHING = new Seldom();

        private volatile long quietUntil;
        /** Of the lane's thread, but for a change of limits, which may come at any time and does no harm. */
        private volatile long quietFor;

        private volatile Elsewhere elsewhere = Elsewhere.NOTHING;
        private volatile @Nullable Overdraft overdraft;
    }

    Entry(long hash) {
        this.hash = hash;
    }

    /** Before it is put into the table. */
    void begin(Lease first) {
        lease = first;
    }

    long hash() {
        return hash;
    }

    /** Until when nobody in the cluster is known to have a token, milliseconds since the epoch. */
    long quietUntil() {
        return seldom.quietUntil;
    }

    /**
     * From now on; for a moment first and twice as long each time, since tokens that were under way when all were asked are found
     * by the next question. Nobody can know more than that it will be until a window has gone by.
     */
    void quiet(long until, Limits limits, long now) {
        long longest = 0;
        for (Period period : limits.periods()) {
            longest = Math.max(longest, period.nominalSeconds() * 1000);
        }
        Seldom own = beginSeldom();
        boolean again = now - own.quietUntil <= FIRST_QUIET_MILLIS;
        long twice = again ? 2 * own.quietFor : 0;
        long quietFor = Math.min(Math.max(FIRST_QUIET_MILLIS, twice), longest + ClaimsRule.SKEW_MILLIS);
        own.quietFor = quietFor;
        own.quietUntil = Math.min(until, now + quietFor);
    }

    void loud() {
        Seldom own = seldom;
        if (own != Seldom.NOTHING) {
            own.quietFor = 0;
            own.quietUntil = 0;
        }
    }

    private synchronized Seldom beginSeldom() {
        Seldom own = seldom;
        if (own == Seldom.NOTHING) {
            own = new Seldom();
            seldom = own;
        }
        return own;
    }

    /** What other nodes say they use; of the lane's thread to write, of any to read. */
    Elsewhere elsewhere() {
        return seldom.elsewhere;
    }

    void elsewhere(Elsewhere said) {
        beginSeldom().elsewhere = said;
    }

    /** What has been used of others' tokens; null if nothing ever was. */
    @Nullable
    Overdraft overdraft() {
        return seldom.overdraft;
    }

    /** The same, made if it is not there. */
    Overdraft beginOverdraft() {
        Overdraft known = overdraft();
        return known != null ? known : makeOverdraft();
    }

    private synchronized Overdraft makeOverdraft() {
        Overdraft known = overdraft();
        if (known == null) {
            known = new Overdraft();
            beginSeldom().overdraft = known;
        }
        return known;
    }

    /** Null once the key has been forgotten: look it up again. */
    @Nullable
    Lease lease() {
        return lease;
    }

    /** The lease after a closed one: waits for whoever is replacing it. */
    synchronized @Nullable Lease awaitSuccessor() {
        return lease;
    }

    /**
     * Goes on under other claims. False if the key has been forgotten.
     *
     * @param change the new claims; it is shown the lease that has been closed
     */
    synchronized boolean let(Function<Lease, Claims> change, long now) {
        Lease old = lease;
        if (old == null) {
            return false;
        }
        old.close();
        lease = old.next(change.apply(old), now);
        return true;
    }

    /** Goes on with a lease that is as exact as can be; how many more of its positions are so. */
    synchronized int detail(long now) {
        if (!(lease instanceof SlidingLease old)) {
            return 0;
        }
        old.close();
        Lease next = old.detail(now);
        lease = next;
        return details(next) - old.details();
    }

    private static int details(Lease any) {
        return any instanceof SlidingLease sliding ? sliding.details() : 0;
    }

    /** Ends the lease for good; how many positions of it were {@link #detail detailed}, -1 if somebody else did. */
    synchronized int forget() {
        Lease old = lease;
        if (old == null) {
            return -1;
        }
        old.close();
        lease = null;
        return details(old);
    }

    /** The same if no token of it is in use. */
    synchronized int forgetIfIdle(long now) {
        Lease old = lease;
        if (old == null || !idle(old, now)) {
            return -1;
        }
        old.close();
        if (!idle(old, now)) {
            lease = old.next(old.claims(), now); // somebody was faster
            return -1;
        }
        lease = null;
        return details(old);
    }

    private boolean idle(Lease old, long now) {
        Overdraft known = overdraft();
        return old.idle(now) && (known == null || known.isIdle(old, now));
    }
}
