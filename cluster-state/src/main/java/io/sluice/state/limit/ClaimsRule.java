package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node owns of a key, from eras, inheritances and transfers. Everybody who knows the same comes to the same answer:
 * {@code own(i) = share(i) + received(i) - given(i)}, and that of everybody whose heir it is.
 *
 * <p>Calendar windows belong to the era and generation in which they begin. Other windows slide over the end of an era: until
 * the last token of the one before is free, a node owns the lesser of what the two give it, and what it gives away it gives
 * away in both. So it is with tokens at a time, but that nodes say when that is, see {@link Turn}.
 */
final class ClaimsRule {

    /** Clocks of nodes differ by less than this, with the cluster's agreed time. */
    static final long SKEW_MILLIS = 1_000;

    /** The limits are what they have always been, as far as this node knows. */
    static final long NEVER_LOWERED = Long.MIN_VALUE;

    private final WindowType type;
    private final Limits limits;
    private final long hash;
    private final KeyLedger ledger;
    private final Estates estates;
    private final long self;
    private final long lowered;
    private final Turn entered;

    /** @param lowered when the limits were last lowered, milliseconds since the epoch; {@link #NEVER_LOWERED} */
    ClaimsRule(WindowType type, Limits limits, long hash, KeyLedger ledger, Estates estates, long self, long lowered) {
        this(type, limits, hash, ledger, estates, self, lowered, Turn.NONE);
    }

    /** @param entered of tokens at a time: a turn that counts, whatever the clock says */
    ClaimsRule(
            WindowType type,
            Limits limits,
            long hash,
            KeyLedger ledger,
            Estates estates,
            long self,
            long lowered,
            Turn entered) {
        this.type = type;
        this.limits = limits;
        this.hash = hash;
        this.ledger = ledger;
        this.estates = estates;
        this.self = self;
        this.lowered = lowered;
        this.entered = entered;
    }

    /** An era and generation that rows belong to. */
    record Share(Era era, long generation) {}

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

    /** The first time after {@code time} at which this node or another may own more. */
    long changes(long time) {
        long next = Claims.NEVER;
        for (int i = 0; i < limits.size(); i++) {
            next = Math.min(next, nextChange(i, time));
        }
        return next;
    }

    /**
     * When all that a position allows is owned by those who are there, if members have gone and the era without them has been
     * announced; 0 if none has or it is so already.
     */
    long sharedOut(int position, long time) {
        Era last = estates.last().orElse(null);
        if (last == null || last.start() == Long.MIN_VALUE) {
            return 0;
        }
        Period period = period(position);
        long then = switch (type) {
            case FIXED -> nextWindow(period, last.start() - 1);
            case SLIDING, BUCKET -> last.start() + SKEW_MILLIS + millis(period);
            case CONCURRENCY -> last.start() + SKEW_MILLIS; // or when all have settled
        };
        return then > time ? then : 0;
    }

    /** Which slot of rows a position of the limits has. */
    static int slot(Limits limits, int position) {
        return limits.periods().isEmpty()
                ? TransferRow.CONCURRENT
                : limits.periods().get(position).bitPosition();
    }

    /** Which position of the limits has a slot; -1 if none has. */
    static int position(Limits limits, int slot) {
        for (int i = 0; i < limits.size(); i++) {
            if (slot(limits, i) == slot) {
                return i;
            }
        }
        return -1;
    }

    /** Whether one node decides for all, because one of the limits is too small to be shared out. */
    boolean scarce(long now) {
        Era era = estates.at(now).orElse(null);
        for (int i = 0; era != null && i < limits.size(); i++) {
            if (Holders.scarce(type, limits.allowed(i), era.members().length)) {
                return true;
            }
        }
        return false;
    }

    /** Who decides, then: the home, or who has taken its place; this node if nothing is known. */
    long decider(long now) {
        return estates.at(now)
                .map(era -> estates.owner(Holders.home(hash, era.members()), Long.MAX_VALUE, true))
                .orElse(self);
    }

    /**
     * Whether tokens of a position are declared before they are spent: a window is long enough that those of a node that died
     * must not be lost until it ends. Only calendar windows are, since what is declared comes back with the next one.
     */
    static boolean declares(WindowType type, Limits limits, int position) {
        return type == WindowType.FIXED && limits.periods().get(position).compareTo(Period.HOUR) >= 0;
    }

    /** Whether any position is declared. */
    static boolean declares(WindowType type, Limits limits) {
        return type == WindowType.FIXED && declares(type, limits, limits.size() - 1);
    }

    /** What this node may spend at a time. */
    long own(int position, long time) {
        long owned = owned(position, time);
        if (!declares(type, limits, position)) {
            return owned;
        }
        long confirmed = 0;
        for (Share share : shares(position, time)) {
            confirmed = ledger.confirmed(
                    slot(limits, position), share.generation(), share.era().number());
        }
        return Math.min(owned, confirmed);
    }

    /** What this node owns at a time, declared or not; what it gave away in use, until the window ends that it is used in. */
    long owned(int position, long time) {
        long owned = lasting(position, time) + ledger.lent(slot(limits, position), time);
        return Math.min(owned, limits.allowed(position));
    }

    /** The same without what it has given away. */
    long lasting(int position, long time) {
        long owned = amount(self, position, time) - ledger.held(slot(limits, position), time);
        return Math.min(owned, limits.allowed(position));
    }

    /**
     * What another member owns and has not declared as far as this node knows; where shares differ the most of them, since it
     * gives also what it cannot spend.
     */
    long unspentOf(long node, int position, long time) {
        long spent = 0;
        for (Share share : shares(position, time)) {
            spent = Math.max(
                    spent,
                    ledger.spent(
                            slot(limits, position),
                            share.generation(),
                            share.era().number(),
                            node));
        }
        long most = 0;
        for (Share share : shares(position, time)) {
            most = Math.max(most, amount(node, position, time, share));
        }
        return most - spent;
    }

    /** What a node owns in one of the shares that apply, as far as this node knows. */
    long in(Share share, long node, int position, long time) {
        return amount(node, position, time, share);
    }

    /** What another member owns as far as this node knows. */
    long ownOf(long node, int position, long time) {
        return amount(node, position, time);
    }

    private long amount(long node, int position, long time) {
        long least = Long.MAX_VALUE;
        for (Share share : shares(position, time)) {
            least = Math.min(least, isOver(share, time) ? 0 : amount(node, position, time, share));
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** Whether a share is so old that it is not known any more what became of it. */
    private boolean isOver(Share share, long time) {
        return type == WindowType.CONCURRENCY && Generation.endMillis(share.generation()) <= time;
    }

    /**
     * Whether so many tokens at a time can go on without the first of the shares that count: they fit into all others, or at least
     * not worse than into the first.
     */
    boolean fits(long used, int position, long time) {
        List<Share> shares = shares(position, time);
        long held = ledger.held(slot(limits, position), time);
        for (int i = 1; i < shares.size(); i++) {
            long own = amount(self, position, time, shares.get(i)) - held;
            boolean worse = isOver(shares.get(0), time) || own < amount(self, position, time, shares.get(0)) - held;
            if (used > own && worse) {
                return false;
            }
        }
        return true;
    }

    private long amount(long node, int position, long time, Share share) {
        long amount = plain(node, position, time, share);
        return amount <= 0 ? amount : amount - owedBack(amount, position, time, share);
    }

    /**
     * Who gave away more than it has any more, since the limit has been lowered, cannot get it back: of what all others own, so
     * many are missing, and each lacks its part of them. Where limits stay what they are nobody gives what it has not got: a node
     * that seems to has got more than this one has heard of yet.
     */
    private long owedBack(long amount, int position, long time, Share share) {
        if (lowered == NEVER_LOWERED || Generation.of(type, period(position), lowered) < share.generation()) {
            return 0;
        }
        long missing = 0;
        for (long donor : ledger.donors(
                slot(limits, position), share.generation(), share.era().number())) {
            missing += Math.max(0, -plain(donor, position, time, share));
        }
        if (missing == 0) {
            return 0;
        }
        long there = 0;
        for (long node : ownersIn(position, time, share)) {
            there += Math.max(0, plain(node, position, time, share));
        }
        // Up to 2^50 of each: their product may not fit into 64 bits.
        double part = Math.ceil(missing / (double) Math.max(missing, there) * amount);
        return Math.min(amount, (long) part);
    }

    /** Everybody who may own something of a share. */
    private Set<Long> ownersIn(int position, long time, Share share) {
        Set<Long> owners = new HashSet<>();
        for (long member : share.era().members()) {
            owners.add(owner(member, position, time));
        }
        for (long node : ledger.recipients(
                slot(limits, position), share.generation(), share.era().number())) {
            owners.add(owner(node, position, time));
        }
        return owners;
    }

    private long plain(long node, int position, long time, Share share) {
        if (owner(node, position, time) != node) {
            return 0;
        }
        return single(node, position, share) + inherited(node, position, time, share);
    }

    /**
     * What those who left it to a node had neither given away nor declared, without what came to them locked: nobody knows
     * until when. Those who had inherited themselves may have passed on more than was their own, so only the sum says
     * something.
     */
    private long inherited(long heir, int position, long time, Share share) {
        int slot = slot(limits, position);
        long sum = 0;
        for (long leaver : estates.leavers()) {
            if (leaver != heir && owner(leaver, position, time) == heir) {
                int era = share.era().number();
                sum += single(leaver, position, share);
                sum -= ledger.lockedFor(slot, share.generation(), era, leaver);
                // What is in use and was given away all the same is not its own any more.
                sum -= Math.max(
                        0,
                        ledger.spent(slot, share.generation(), era, leaver)
                                - ledger.lockedBy(slot, share.generation(), era, leaver));
            }
        }
        return Math.max(0, sum);
    }

    /** Of a node that died nobody knows what it has used but where it had to declare it. */
    private long owner(long node, int position, long time) {
        return estates.owner(node, time, declares(type, limits, position));
    }

    private long single(long node, int position, Share share) {
        return Holders.share(type, hash, limits.allowed(position), share.era().members(), node)
                + ledger.balance(
                        slot(limits, position), share.generation(), share.era().number(), node);
    }

    /** What applies at a time: one share, or also those that slide out. */
    List<Share> shares(int position, long time) {
        if (type == WindowType.CONCURRENCY) {
            return Turn.shares(estates, entered, time);
        }
        Period period = period(position);
        List<Share> shares = new ArrayList<>(1);
        if (type == WindowType.FIXED) {
            add(shares, windowStart(period, time), Generation.of(type, period, time));
            return shares;
        }
        add(shares, time, Generation.of(type, period, time));
        long oldest = time - SKEW_MILLIS - millis(period);
        add(shares, oldest, Generation.of(type, period, oldest));
        for (Era era : estates.eras()) {
            if (era.start() > oldest && era.start() <= time) {
                add(shares, era.start(), Generation.of(type, period, era.start()));
                add(shares, era.start() - 1, Generation.of(type, period, era.start() - 1));
            }
        }
        long end = Generation.end(type, period, oldest);
        if (end <= time) {
            add(shares, end, Generation.of(type, period, end));
            add(shares, end - 1, Generation.of(type, period, end - 1));
        }
        return shares;
    }

    private void add(List<Share> shares, long time, long generation) {
        estates.at(time)
                .map(era -> new Share(era, generation))
                .filter(share -> !shares.contains(share))
                .ifPresent(shares::add);
    }

    /** The first time after {@code time} at which the answer may be another. */
    private long nextChange(int position, long time) {
        Period period = period(position);
        long next = Claims.NEVER;
        for (Era era : estates.eras()) {
            if (era.start() != Long.MIN_VALUE) {
                next = turn(next, era.start(), period, time);
            }
        }
        for (Estates.Bequest bequest : estates.bequests()) {
            next = sooner(next, bequest.at() + Estates.NOTICE_MILLIS, time);
        }
        int slot = slot(limits, position);
        for (KeyLedger.Hold hold : ledger.holds()) {
            if (hold.slot() == slot) {
                next = sooner(next, hold.until(), time);
            }
        }
        for (TransferRow row : ledger.rows()) {
            if (row.slot() == slot) {
                next = turn(next, Generation.endMillis(row.generation()), period, time);
            }
        }
        if ((type == WindowType.SLIDING || type == WindowType.BUCKET)
                && !ledger.rows().isEmpty()) {
            // What has come since a generation began cannot be spent before the last one does not count any more.
            next = turn(next, Generation.end(type, period, time - SKEW_MILLIS - millis(period)), period, time);
        }
        return type == WindowType.CONCURRENCY && !ledger.rows().isEmpty()
                ? sooner(next, Turn.end(Generation.of(type, period, time)), time)
                : next;
    }

    private long turn(long next, long start, Period period, long time) {
        return switch (type) {
            case FIXED -> sooner(next, nextWindow(period, start - 1), time);
            case SLIDING, BUCKET -> sooner(sooner(next, start, time), start + SKEW_MILLIS + millis(period), time);
            case CONCURRENCY -> sooner(next, start, time);
        };
    }

    private static long sooner(long next, long candidate, long after) {
        return candidate > after && candidate < next ? candidate : next;
    }

    Period period(int position) {
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
