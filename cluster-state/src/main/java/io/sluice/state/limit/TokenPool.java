package io.sluice.state.limit;

import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one rule on this node, and the path of a request: find the key, take tokens from its lease. What the node may
 * spend is the {@link Ownership}'s business.
 *
 * <p>Memory is bounded by a {@link KeyBudget}. A key none of whose tokens is in use is forgotten by and by: each new key looks
 * at a few old ones, and {@link #sweep} does so from a timer. If the budget is spent all the same, a new key takes the place
 * of the least used of a few others (whose count is lost): made-up identities, seen once each, push out one another and not
 * the clients that use up their limits. A pool may always remember {@value #FLOOR} keys, so that a flood at one rule does
 * not switch off another.
 */
final class TokenPool implements RateLimiter {

    private static final int FLOOR = 256;
    private static final int SWEPT_PER_NEW_KEY = 2;
    private static final int SAMPLE = 8;

    private volatile LimitRule rule;
    private final UUID id;
    private final KeyHash hash;
    private final KeyBudget budget;
    private final TokenClock clock;
    private final Ownership ownership;
    private final Runnable onClose;
    private final LimiterTable table = new LimiterTable();
    private volatile Limits limits;
    private volatile long lowered = ClaimsRule.NEVER_LOWERED;
    private volatile boolean charges;
    private volatile int change;
    private volatile @Nullable Lease none;
    private int nextPart;

    TokenPool(
            LimitRule rule, Limits limits, KeyBudget budget, TokenClock clock, Ownership ownership, Runnable onClose) {
        this.rule = rule;
        this.limits = limits;
        this.id = rule.shared();
        this.hash = new KeyHash(id);
        this.budget = budget;
        this.clock = clock;
        this.ownership = ownership;
        this.onClose = onClose;
    }

    LimitRule rule() {
        return rule;
    }

    /** By which nodes know it. */
    UUID id() {
        return id;
    }

    /** Goes on by another rule of the same id, reach and window type. */
    void rule(LimitRule changed) {
        rule = changed;
    }

    Limits limits() {
        return limits;
    }

    void limits(Limits changed) {
        if (changed.isLowerThan(limits)) {
            lowered = clock.millis();
        }
        limits = changed;
    }

    /** When its limits were last lowered. */
    long lowered() {
        return lowered;
    }

    /** Whether more may be in use than this node has, so that it is owed. */
    boolean charges() {
        return charges || rule.windowType() == WindowType.CONCURRENCY;
    }

    /** How often who owns what of all keys has changed: claims that were made after fewer changes do not hold any more. */
    int change() {
        return change;
    }

    /** It has, and whoever looks at claims from now on finds it so. */
    synchronized void changed() {
        change = change + 1;
    }

    /** Goes on under what this node owns now. */
    void let(Entry entry, long now) {
        Limits current = limits;
        entry.let(closed -> ownership.claims(entry, current, now), now);
    }

    LimiterTable table() {
        return table;
    }

    long hash(String key) {
        return hash.of(key);
    }

    @Override
    public void acquire(String key, Limits given, long cost, Outcome outcome) {
        use(key, given, cost, Use.TAKE, outcome);
    }

    @Override
    public void peek(String key, Limits given, Outcome outcome) {
        use(key, given, 0, Use.LOOK, outcome);
    }

    @Override
    public void ensure(String key, Limits given, Outcome outcome) {
        use(key, given, 0, Use.ENSURE, outcome);
    }

    @Override
    public void charge(String key, Limits given, long cost, Outcome outcome) {
        use(key, given, cost, Use.CHARGE, outcome);
    }

    private enum Use {
        TAKE,
        LOOK,
        ENSURE,
        CHARGE
    }

    /** The same for a request at another node, by this node's limits. */
    void acquire(long known, long cost, Outcome outcome) {
        use(known, limits, cost, Use.TAKE, outcome);
    }

    private void use(String key, Limits given, long cost, Use use, Outcome outcome) {
        if (limits != given) {
            limits(given);
        }
        use(hash.of(key), given, cost, use, outcome);
    }

    private void use(long known, Limits given, long cost, Use use, Outcome outcome) {
        long now = clock.millis();
        Entry entry = table.find(known);
        while (true) {
            if (entry == null) {
                entry = create(known, now);
            }
            Lease lease = current(entry, given, now);
            if (lease == null) {
                entry = null;
            } else if ((use == Use.TAKE || use == Use.ENSURE) && !mayAdmit(now)) {
                cutOff(lease, now, outcome);
                ownership.cutOff();
                return;
            } else if (switch (use) {
                case TAKE -> take(entry, lease, cost, now, outcome);
                case LOOK -> look(entry, lease, now, outcome);
                case ENSURE -> ensure(entry, lease, now, outcome);
                case CHARGE -> charge(entry, lease, cost, now, outcome);
            }) {
                return;
            }
        }
    }

    private boolean look(Entry entry, Lease lease, long now, Outcome outcome) {
        lease.look(now, outcome);
        ownership.looked(entry, lease, outcome);
        return true;
    }

    private boolean ensure(Entry entry, Lease lease, long now, Outcome outcome) {
        settle(entry, lease, now, outcome);
        if (lease.hasFree(now, outcome)) {
            ownership.looked(entry, lease, outcome);
        } else {
            ownership.refused(entry, lease, 0, outcome);
        }
        return true;
    }

    /** Whether the outcome is known. Peers' use is looked at before, this node's when it is counted. */
    private boolean charge(Entry entry, Lease lease, long cost, long now, Outcome outcome) {
        if (!charges) {
            charges = true;
        }
        look(entry, lease, now, outcome);
        if (now < entry.quietUntil()) {
            lease.tellExhausted(0, now, outcome); // nor has anybody else
        }
        Limits all = lease.claims().limits();
        for (int i = 0; i < all.size(); i++) {
            if (outcome.used(i) >= all.allowed(i)) {
                return true;
            }
        }
        switch (lease.charge(cost, now, outcome)) {
            case ADMITTED -> {
                outcome.of(entry);
                ownership.charged(entry, lease, outcome);
                return true;
            }
            case REFUSED -> {
                ownership.looked(entry, lease, outcome);
                return true;
            }
            default -> {
                entry.awaitSuccessor();
                return false;
            }
        }
    }

    /** The entry's lease, renewed if its limits changed or its claims are out of date; null if the key has been forgotten. */
    private @Nullable Lease current(Entry entry, Limits given, long now) {
        Lease lease = entry.lease();
        if (lease == null) {
            table.remove(entry);
            return null;
        }
        Claims claims = lease.claims();
        boolean changed = claims.change() != change
                || claims.limits() != given && !claims.limits().same(given);
        if (changed || claims.expired(now)) {
            if (changed) {
                entry.loud();
            }
            entry.let(old -> ownership.claims(entry, given, now), now);
            return entry.lease();
        }
        return lease;
    }

    /** Whether the outcome is known, or will be. */
    private boolean take(Entry entry, Lease lease, long cost, long now, Outcome outcome) {
        settle(entry, lease, now, outcome);
        switch (lease.take(cost, now, outcome)) {
            case ADMITTED -> {
                outcome.of(entry);
                if (lease instanceof SlidingLease sliding && sliding.deservesDetail(outcome)) {
                    detail(entry, now);
                }
                ownership.admitted(entry, lease, outcome);
                return true;
            }
            case REFUSED -> {
                outcome.of(entry);
                ownership.refused(entry, lease, cost, outcome);
                return true;
            }
            default -> {
                entry.awaitSuccessor();
                return false;
            }
        }
    }

    /** Tries again for a request that waited, for whatever token if the cost is 0; true if it was admitted. */
    boolean retake(Entry entry, long cost, long now, Outcome outcome) {
        Entry known = entry;
        while (mayAdmit(now)) {
            Lease lease = known.lease();
            if (lease == null) {
                known = entry(entry.hash(), now); // forgotten meanwhile, and what came in is the new one's
                continue;
            }
            Claims claims = lease.claims();
            if (claims.change() != change || claims.expired(now)) {
                known.let(old -> ownership.claims(entry, claims.limits(), now), now);
                continue;
            }
            settle(known, lease, now, outcome);
            if (cost == 0) {
                boolean free = lease.hasFree(now, outcome);
                ownership.looked(known, lease, outcome);
                return free;
            }
            switch (lease.take(cost, now, outcome)) {
                case ADMITTED -> {
                    outcome.of(known);
                    ownership.admitted(known, lease, outcome);
                    return true;
                }
                case REFUSED -> {
                    return false;
                }
                default -> known.awaitSuccessor();
            }
        }
        return false;
    }

    private void detail(Entry entry, long now) {
        if (budget.mayDetail()) {
            budget.detailed(entry.detail(now));
        }
    }

    private void settle(Entry entry, Lease lease, long now, Outcome scratch) {
        Overdraft overdraft = entry.overdraft();
        if (overdraft != null) {
            ownership.settle(entry, overdraft, lease, now, scratch);
        }
    }

    /** Other members can be reached than before. */
    void reviewOverdraft(Entry entry, long now) {
        Overdraft overdraft = entry.overdraft();
        if (overdraft != null && overdraft.borrows()) {
            overdraft.expire();
            settle(entry, now);
        }
    }

    /** Pays back what was overdrawn, as far as there are tokens. */
    void settle(Entry entry, long now) {
        Lease lease = entry.lease();
        if (lease != null && entry.overdraft() != null && mayAdmit(now)) {
            settle(entry, lease, now, new Outcome(lease.claims().limits().size()));
        }
    }

    boolean mayAdmit(long now) {
        return ownership.mayAdmit(now);
    }

    private static void cutOff(Lease lease, long now, Outcome outcome) {
        for (int i = 0; i < lease.claims().limits().size(); i++) {
            outcome.found(
                    i, Math.max(lease.used(i, now), lease.claims().limits().allowed(i)), lease.freeAt(i, now));
        }
        outcome.refuse(now);
    }

    @Override
    public void release(Outcome outcome) {
        Entry entry = outcome.entry();
        if (entry == null || rule.windowType() != WindowType.CONCURRENCY || !outcome.admitted()) {
            return;
        }
        Overdraft overdraft = entry.overdraft();
        long left = overdraft == null ? outcome.cost() : overdraft.giveBack(outcome.cost());
        Lease lease = entry.lease();
        while (lease != null && !lease.giveBack(left)) {
            lease = entry.awaitSuccessor();
        }
    }

    /** The entry of a key, made if it is not there. */
    Entry entry(long known, long now) {
        while (true) {
            Entry entry = table.find(known);
            if (entry == null) {
                entry = create(known, now);
            }
            if (entry.lease() != null) {
                return entry;
            }
            table.remove(entry);
        }
    }

    private Entry create(long known, long now) {
        for (int i = 0; i < SWEPT_PER_NEW_KEY; i++) {
            table.sweep(part(known), 1, entry -> forgetIfIdle(entry, now));
        }
        takeFromBudget(known, now);
        Limits current = limits;
        Entry fresh = new Entry(known);
        fresh.begin(none(current, now));
        // Whoever finds it waits for its first claims, and these are looked up when whatever changes them finds it too.
        // The time as well: the key's last entry may have been forgotten since, in another window.
        synchronized (fresh) {
            Entry entry = table.add(fresh);
            if (entry == fresh) {
                long then = clock.millis();
                fresh.begin(Lease.first(rule.windowType(), ownership.claims(fresh, current, then), then));
                return fresh;
            }
            budget.giveBack();
            return entry;
        }
    }

    /** A closed lease for keys that have none yet; the same for all of them, and nothing of it is ever in use. */
    private Lease none(Limits current, long now) {
        Lease last = none;
        if (last != null && last.claims().limits() == current) {
            return last;
        }
        Lease closed = Lease.first(rule.windowType(), current.all(), now);
        closed.close();
        none = closed;
        return closed;
    }

    private int part(long known) {
        return (int) Long.remainderUnsigned(known * 0x9E3779B97F4A7C15L, table.parts());
    }

    private void takeFromBudget(long known, long now) {
        int part = part(known);
        while (!budget.take()) {
            if (table.size() < FLOOR) {
                budget.overdraw();
                return;
            }
            forgetLeastUsed(part, now);
            part = (part + 1) % table.parts();
        }
    }

    private void forgetLeastUsed(int part, long now) {
        LeastUsed least = new LeastUsed(now);
        for (int i = 0; i < table.parts() && least.seen < SAMPLE; i++) {
            table.sweep((part + i) % table.parts(), SAMPLE - least.seen, least);
        }
        if (least.entry != null) {
            forgotten(least.entry, least.entry.forget());
        }
    }

    /** Finds the entry with the fewest tokens in use over its longest period. */
    private static final class LeastUsed implements Consumer<Entry> {
        private final long now;
        private @Nullable Entry entry;
        private long use = Long.MAX_VALUE;
        private int seen;

        LeastUsed(long now) {
            this.now = now;
        }

        @Override
        public void accept(Entry next) {
            seen++;
            Lease lease = next.lease();
            long used = lease == null ? 0 : lease.used(lease.claims().limits().size() - 1, now);
            if (used < use) {
                entry = next;
                use = used;
            }
        }
    }

    /**
     * Forgets some of the keys none of whose tokens is in use; to be called now and then, by one thread.
     *
     * @param most how many keys to look at
     */
    void sweep(int most) {
        long now = clock.millis();
        int each = Math.max(1, most / table.parts());
        for (int i = 0; i < table.parts() && i < most; i++) {
            table.sweep(nextPart, each, entry -> forgetIfIdle(entry, now));
            nextPart = (nextPart + 1) % table.parts();
        }
    }

    private void forgetIfIdle(Entry entry, long now) {
        settle(entry, now);
        forgotten(entry, entry.forgetIfIdle(now));
    }

    @Override
    public long keys() {
        return table.size();
    }

    @Override
    public void close() {
        onClose.run();
    }

    /** Forgets every key. */
    void clear() {
        table.forEach(entry -> forgotten(entry, entry.forget()));
    }

    /** Only whoever ended the lease gives the key's place back; anybody may have removed it from the table. */
    private void forgotten(Entry entry, int details) {
        if (details >= 0) {
            table.remove(entry);
            budget.giveBack();
            budget.detailed(-details);
        }
    }
}
