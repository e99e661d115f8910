package io.sluice.state.limit;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What this node has used of others' tokens for a key. There are two kinds. What is <em>owed</em> is paid back: as soon as this
 * node has tokens of the key, by a transfer or because a window ends, it locks as many without admitting anything. What is
 * <em>borrowed</em> belongs to members that cannot be reached; it becomes free as own tokens do for as long as they cannot.
 * When they can again, what was borrowed last is owed, but no more than was theirs.
 *
 * <p>Any thread, without a lock, except that what may be borrowed is looked up again once a second.
 */
final class Overdraft {

    private static final long AGAIN_MILLIS = 1_000;
    private static final long PAYING = 1;

    /** Twice as many as are owed; odd while some are being paid back, so that nobody draws what is both owed and locked. */
    private final AtomicLong owed = new AtomicLong();

    /** How many were ever borrowed; and how many had been at two moments, the older one at least a period ago. */
    private final AtomicLong everBorrowed = new AtomicLong();

    private long mark;
    private long olderMark;
    private long markedAt = Long.MIN_VALUE / 2;
    private long most;

    private volatile @Nullable Lease borrowed;
    private volatile long mostAtATime;
    private volatile long reviewed = Long.MIN_VALUE;
    private volatile long reviewedUntil = Claims.NEVER;
    private volatile int reviewedChange;
    private volatile @Nullable Claims reviewedOwn;
    private volatile long[] reached = {};

    /** How many are owed for a key, mostly none. */
    static long owed(Entry entry) {
        Overdraft overdraft = entry.overdraft();
        return overdraft == null ? 0 : overdraft.owed();
    }

    /** How many of others' tokens of a position are in use for a key. */
    static long used(Entry entry, Limits limits, int position, long now) {
        Overdraft overdraft = entry.overdraft();
        return overdraft == null ? 0 : overdraft.used(limits, position, now);
    }

    long owed() {
        return owed.get() >> 1;
    }

    private long used(Limits limits, int position, long now) {
        Lease lease = borrowed;
        return owed() + (lease != null && lease.claims().limits().same(limits) ? lease.used(position, now) : 0);
    }

    /** Uses tokens that will be owed, if that makes it no more than {@code most}. */
    boolean draw(long cost, long most) {
        while (true) {
            long seen = owed.get();
            if ((seen & PAYING) != 0 || (seen >> 1) + cost > most) {
                return false;
            }
            if (owed.compareAndSet(seen, seen + 2 * cost)) {
                return true;
            }
        }
    }

    /** Pays back as much as the lease has free. What is in the outcome is lost. */
    void settle(Lease lease, long now, Outcome scratch) {
        long seen = owed.get();
        if (seen == 0 || (seen & PAYING) != 0) {
            return;
        }
        long pay = seen >> 1;
        for (int i = 0; i < lease.claims().limits().size(); i++) {
            pay = Math.min(pay, lease.free(i, now));
        }
        if (pay > 0 && owed.compareAndSet(seen, seen | PAYING)) {
            boolean paid = lease.take(pay, now, scratch) == Lease.Taken.ADMITTED;
            owed.addAndGet((paid ? -2 * pay : 0) - PAYING);
            scratch.refuse(now);
        }
    }

    /** Takes back what was drawn for a request that has ended; how many were not drawn. Only if nothing is ever paid. */
    long giveBack(long cost) {
        while (true) {
            long seen = owed.get();
            long back = Math.min(cost, seen >> 1);
            if (owed.compareAndSet(seen, seen - 2 * back)) {
                return cost - back;
            }
        }
    }

    /** Whether it is time for a {@link #review}: who owns what is not what was borrowed by, or may not be. */
    boolean isDue(Claims own, long now) {
        Limits limits = own.limits();
        Lease lease = borrowed;
        long last = reviewed;
        return now - AGAIN_MILLIS >= last
                || now < last - AGAIN_MILLIS
                || now >= reviewedUntil
                || own.change() != reviewedChange
                || isMore(own, reviewedOwn, now) // by what others had sent before they could not be reached
                || lease != null
                        && lease.claims().limits() != limits
                        && !lease.claims().limits().same(limits);
    }

    private static boolean isMore(Claims own, @Nullable Claims before, long now) {
        if (own == before || before == null) {
            return false;
        }
        for (int i = 0; i < Math.min(own.limits().size(), before.limits().size()); i++) {
            if (own.own(i, now) > before.own(i, now)) {
                return true;
            }
        }
        return false;
    }

    /** Makes a {@link #review} due. */
    void expire() {
        reviewed = Long.MIN_VALUE;
    }

    /** Whether anything is borrowed, or may be. */
    boolean borrows() {
        return borrowed != null || mostAtATime > 0;
    }

    /** Says which members can be reached, in order; before a {@link #review}. */
    void reaches(long[] members) {
        reached = members;
    }

    /** Whether what a member has given, and this node has not heard of until now, may be in use as borrowed. */
    boolean borrowsFrom(long member) {
        return borrows() && Arrays.binarySearch(reached, member) < 0;
    }

    /**
     * Says how much may be borrowed from now on, by position. Without anything to borrow, what was borrowed in the last period
     * is owed: of several periods in the shortest, so that nobody pays an hour's use in seconds.
     *
     * @param own this node's own tokens: who has used more of them than it has now was the owner of some that are others' now
     * @param until when somebody may own more
     */
    synchronized void review(WindowType type, long @Nullable [] share, Lease own, long until, long now) {
        Limits limits = own.claims().limits();
        reviewed = now;
        reviewedUntil = until;
        reviewedChange = own.claims().change();
        reviewedOwn = own.claims();
        Lease old = borrowed;
        if (type == WindowType.CONCURRENCY) {
            mostAtATime = share == null ? 0 : share[0] + Math.min(0, own.free(0, now));
        } else if (share != null) {
            mark(limits, now);
            most = share[0];
            borrowed = again(old, type, claims(share, own, now), now);
        } else if (old != null) {
            old.close();
            borrowed = null;
            owed.addAndGet(2 * Math.max(0, Math.min(most - owed(), everBorrowed.get() - olderMark)));
            olderMark = everBorrowed.get();
            mark = olderMark;
        }
    }

    private void mark(Limits limits, long now) {
        if (now - markedAt >= limits.periods().get(0).nominalSeconds() * 1000 || now < markedAt) {
            olderMark = mark;
            mark = everBorrowed.get();
            markedAt = now;
        }
    }

    private static Lease again(@Nullable Lease old, WindowType type, Claims claims, long now) {
        if (old == null) {
            return Lease.first(type, claims, now);
        }
        old.close();
        return old.next(claims, now);
    }

    private Claims claims(long[] share, Lease own, long now) {
        Limits limits = own.claims().limits();
        long[] left = new long[share.length];
        long[] never = new long[share.length];
        for (int i = 0; i < share.length; i++) {
            left[i] = share[i] - owed() + Math.min(0, own.free(i, now));
            never[i] = Claims.NEVER;
        }
        return Claims.of(limits, left, never, left, Claims.NEVER);
    }

    /** Uses tokens of members that cannot be reached. Fills the outcome with what is in use of them. */
    boolean borrow(long cost, long now, Outcome outcome) {
        Lease lease = borrowed;
        while (lease != null) {
            switch (lease.take(cost, now, outcome)) {
                case ADMITTED -> {
                    everBorrowed.addAndGet(cost);
                    return true;
                }
                case REFUSED -> {
                    return false;
                }
                default -> lease = awaitReview();
            }
        }
        return mostAtATime > 0 && draw(cost, mostAtATime);
    }

    private synchronized @Nullable Lease awaitReview() {
        return borrowed;
    }

    /** What was borrowed in the last window is owed as soon as members can be reached again. */
    private synchronized boolean mayBeOwed(Limits limits, long now) {
        long millis = limits.periods().get(0).nominalSeconds() * 1000;
        return everBorrowed.get() != olderMark && now - markedAt <= 2 * millis && now >= markedAt;
    }

    /** Whether nothing is forgotten with this: nothing is borrowed, and nothing is owed that the node has tokens to pay. */
    boolean isIdle(Lease own, long now) {
        Lease lease = borrowed;
        if (lease != null && (!lease.idle(now) || mayBeOwed(lease.claims().limits(), now))) {
            return false;
        }
        if (owed.get() == 0) {
            return true;
        }
        for (int i = 0; i < own.claims().limits().size(); i++) {
            if (own.claims().own(i, now) <= 0) {
                return !own.claims().limits().periods().isEmpty();
            }
        }
        return false;
    }
}
