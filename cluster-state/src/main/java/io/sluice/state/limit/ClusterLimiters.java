package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The limiters of a node: pools for each rule, and the lanes that move tokens between this node's pools and those of others.
 * Pools are for any thread. Each lane is for one thread at a time, see {@link Lane}; whoever drives the lanes brings them the
 * messages of other nodes, the membership and the time.
 */
public final class ClusterLimiters implements Limiters {

    private final KeyBudget budget;
    private final TokenClock clock;
    private final Contact contact;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<Same, Opened> opened = new HashMap<>();
    private final Map<UUID, TokenPool> shared = new ConcurrentHashMap<>();
    private final LaneCounters counters = new LaneCounters();
    private final EraKeeper eras = new EraKeeper();
    private Estates estates;

    /**
     * Limiters without keys.
     *
     * @param lanes one or more; what each of them sends through
     * @param roster the membership as it is known now
     * @param estates what is known of who owns what: {@link Estates#founded} for a node that begins a cluster,
     *     {@link Estates#NONE} for one that comes to others
     */
    public ClusterLimiters(
            KeyBudget budget,
            TokenClock clock,
            Contact contact,
            List<? extends Link> lanes,
            Roster roster,
            Estates estates) {
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("lanes: none (expected: at least one)");
        }
        this.budget = budget;
        this.clock = clock;
        this.contact = contact;
        this.estates = estates;
        for (Link link : lanes) {
            this.lanes.add(
                    new Lane(this.lanes.size(), link, roster, estates, Math.max(1, budget.most() / lanes.size())));
        }
    }

    /** What a lane is connected to. */
    public interface Link extends Peers {

        /** Runs a task on the lane's thread, soon. Called by any thread; must not block. */
        void run(Runnable task);
    }

    /** A part of the keys. Methods are to be called on the lane's thread. */
    public final class Lane {
        private final int index;
        private final Link link;
        private final TokenLane tokens;

        private Lane(int index, Link link, Roster roster, Estates estates, long room) {
            this.index = index;
            this.link = link;
            this.tokens = new TokenLane(clock, link, shared::get, roster, estates, room, counters);
        }

        /** A member has said something, to whatever lane. */
        public void heard(long member) {
            tokens.heard(member);
        }

        /** A message from a member about a key of this lane. */
        public void receive(PoolMessage message) {
            tokens.receive(message);
        }

        /** Rows that members have replicated; those of other lanes are left out. */
        public void merge(Iterable<TransferRow> rows) {
            tokens.merge(mine(rows));
        }

        private List<TransferRow> mine(Iterable<TransferRow> rows) {
            List<TransferRow> mine = new ArrayList<>();
            for (TransferRow row : rows) {
                if (isMine(row.hash())) {
                    mine.add(row);
                }
            }
            return mine;
        }

        /** The membership, or who of it can be reached, has changed. */
        public void roster(Roster roster) {
            tokens.roster(roster, shared.values(), this::isMine);
        }

        /** To be called about every millisecond while {@link #busy}. */
        public void tick() {
            tokens.tick();
        }

        /**
         * Does a piece of what is to be done for every key, some hundred microseconds of it; to be called while there is nothing
         * else to do, and between two tasks.
         *
         * @return whether there is more of it
         */
        public boolean goOn() {
            return tokens.goOn();
        }

        /** Whether requests wait for a {@link #tick}, or there is something to {@link #goOn} with. */
        public boolean busy() {
            return tokens.busy();
        }

        /** Begins to tell the others what this node has used; to be called about every second. */
        public void report() {
            tokens.report(shared.values(), this::isMine);
        }

        /** Begins to go over to how requests at a time are shared out now; to be called about every second. */
        public void settle() {
            tokens.settlement().settle(shared.values(), this::isMine);
        }

        /** Forgets what is over; to be called about every ten seconds. */
        public void clean() {
            tokens.clean();
        }

        /**
         * Begins to give all tokens of keys in use to an heir, before this node leaves; see {@link #bequeath}. Nothing is
         * admitted any more.
         *
         * @param done called after the last key
         */
        public void handOver(long heir, Runnable done) {
            tokens.handOver(heir, shared.values(), this::isMine, done);
        }

        private void estates(Estates changed) {
            tokens.estates(changed, shared.values(), this::isMine);
        }

        private boolean isMine(long hash) {
            return laneOf(hash) == index;
        }
    }

    /** The tokens of a pool that are shared with other nodes. */
    private final class Shared implements Ownership {
        private final UsualClaims usual = new UsualClaims();
        private @Nullable TokenPool pool;
        private @Nullable Overdrawing overdrawing;

        void begin(TokenPool made) {
            pool = made;
            overdrawing = new Overdrawing(made, counters, () -> contact.lostAt(clock.millis()));
        }

        private Overdrawing overdrawing() {
            return Objects.requireNonNull(overdrawing);
        }

        private TokenPool pool() {
            TokenPool made = pool;
            if (made == null) {
                throw new IllegalStateException("asked before the pool was made");
            }
            return made;
        }

        private Lane lane(Entry entry) {
            return lanes.get(laneOf(entry.hash()));
        }

        @Override
        public Claims claims(Entry entry, Limits limits, long now) {
            TokenLane tokens = lane(entry).tokens;
            if (entry.elsewhere().isNothing()) {
                tokens.begin(entry);
            }
            return usual.share(tokens.claims(pool(), entry.hash(), limits, now));
        }

        @Override
        public boolean mayAdmit(long now) {
            return contact.allows(pool().rule().peers(), now);
        }

        @Override
        public void cutOff() {
            counters.denied.increment();
        }

        @Override
        public void admitted(Entry entry, Lease lease, Outcome outcome) {
            counters.admitted.increment();
            UsageReport.add(pool().rule().windowType(), entry, lease, outcome);
        }

        @Override
        public void charged(Entry entry, Lease lease, Outcome outcome) {
            admitted(entry, lease, outcome);
            if (outcome.time() >= entry.quietUntil() && lease.owes(outcome.time())) {
                Lane lane = lane(entry);
                lane.link.run(() -> lane.tokens.cover(pool(), entry));
            }
        }

        @Override
        public void settle(Entry entry, Overdraft overdraft, Lease lease, long now, Outcome scratch) {
            overdrawing().settle(entry, overdraft, lane(entry).tokens.holdings(), lease, now, scratch);
        }

        @Override
        public void looked(Entry entry, Lease lease, Outcome outcome) {
            Overdrawing.add(entry, lease, outcome);
            UsageReport.add(pool().rule().windowType(), entry, lease, outcome);
        }

        @Override
        public boolean refused(Entry entry, Lease lease, long cost, Outcome outcome) {
            Lane lane = lane(entry);
            if (cost > 0 && overdrawing().admits(entry, lane.tokens.holdings(), lease, cost, outcome)) {
                counters.admitted.increment();
                UsageReport.add(pool().rule().windowType(), entry, lease, outcome);
                lane.link.run(() -> lane.tokens.cover(pool(), entry));
                return true;
            }
            Limits limits = lease.claims().limits();
            if (!limits.mayCost(cost)) { // whatever others have
                counters.denied.increment();
                return true;
            }
            if (!lane.tokens.hasPeers() && !ClaimsRule.declares(pool().rule().windowType(), limits)) {
                counters.denied.increment();
                return true;
            }
            long now = outcome.time();
            if (now < entry.quietUntil()) {
                counters.denied.increment();
                lease.tellExhausted(cost, now, outcome);
                return true;
            }
            long deadline = now + pool().rule().park().toMillis();
            Parked parked = new Parked(pool(), entry, cost, deadline, outcome);
            lane.link.run(() -> lane.tokens.want(parked));
            return false;
        }
    }

    private static final class Opened {
        private final TokenPool pool;
        private int users;

        Opened(TokenPool pool) {
            this.pool = pool;
        }
    }

    /** The lanes, in order. */
    public List<Lane> lanes() {
        return List.copyOf(lanes);
    }

    /** What this node knows of who owns what. Any thread. */
    public Estates estates() {
        synchronized (eras) {
            return estates;
        }
    }

    /**
     * Takes up rows of this node itself, {@link TransferRow#PAST what was spent} before it began a cluster; to be followed by
     * {@link #learn} with the estates that it begins with, since nobody owns anything before. Any thread.
     */
    public void remember(List<TransferRow> rows) {
        for (Lane lane : lanes) {
            lane.link.run(() -> lane.tokens.remember(lane.mine(rows)));
        }
    }

    /** What another node knows of it. Any thread. */
    public void learn(Estates heard) {
        Estates all;
        synchronized (eras) {
            all = estates.merge(heard).current(clock.millis());
            if (all.equals(estates)) {
                return;
            }
            estates = all;
        }
        for (Lane lane : lanes) {
            lane.link.run(() -> lane.estates(all));
        }
    }

    /**
     * Shares keys out afresh when members have come or gone, and says when this node counts by it; to be called every second or so.
     * What is returned must reach every member within a few seconds.
     */
    public Optional<Estates> keepEras(Roster roster) {
        Optional<Estates> next;
        Turn settled = lanes.stream()
                .map(lane -> lane.tokens.settlement().last())
                .reduce(Turn::min)
                .orElse(Turn.NONE);
        synchronized (eras) {
            next = eras.keep(roster, estates, settled, clock.millis());
        }
        next.ifPresent(this::learn);
        return next;
    }

    /**
     * Leaves to an heir what this node still owns, after every lane has handed over what is in use. What is returned must
     * reach every member within a few seconds.
     */
    public Estates bequeath(long self, long heir) {
        learn(Estates.of(List.of(), List.of(new Estates.Bequest(self, heir, clock.millis(), false))));
        return estates();
    }

    /** Which lane a key belongs to. */
    public int laneOf(long hash) {
        return (int) Long.remainderUnsigned(hash >>> 8, lanes.size());
    }

    @Override
    public RateLimiter open(LimitRule rule, Limits limits) {
        synchronized (opened) {
            Same same = new Same(rule.id(), rule.reach(), rule.windowType());
            Opened known = opened.computeIfAbsent(same, fresh -> new Opened(make(fresh, rule, limits)));
            known.users++;
            known.pool.rule(rule);
            known.pool.limits(limits);
            return known.pool;
        }
    }

    /** Rules that agree in this go on with the same counts. */
    private record Same(UUID id, Reach reach, WindowType windowType) {}

    private TokenPool make(Same same, LimitRule rule, Limits limits) {
        if (rule.reach() == Reach.NODE) {
            return new TokenPool(rule, limits, budget, clock, Ownership.SOLE, () -> closed(same));
        }
        Shared ownership = new Shared();
        TokenPool pool = new TokenPool(rule, limits, budget, clock, ownership, () -> closed(same));
        ownership.begin(pool);
        shared.put(pool.id(), pool);
        return pool;
    }

    private void closed(Same same) {
        synchronized (opened) {
            Opened known = opened.get(same);
            if (known != null && --known.users == 0) {
                opened.remove(same);
                shared.remove(known.pool.id(), known.pool);
                known.pool.clear();
            }
        }
    }

    /** Looks at some keys and forgets those not in use; to be called some times a second, by one thread at a time. */
    public void sweep(int most) {
        List<TokenPool> pools;
        synchronized (opened) {
            pools = opened.values().stream().map(known -> known.pool).toList();
        }
        for (TokenPool pool : pools) {
            pool.sweep(most / pools.size() + 1);
        }
    }

    /** What this node knows of a key; empty if no rule has this id. Any thread. */
    public Optional<KeyView> view(UUID rule, String key) {
        for (WindowType type : WindowType.values()) {
            TokenPool pool = shared.get(LimitRule.shared(rule, type));
            if (pool != null) {
                long hash = pool.hash(key);
                return Optional.of(KeyView.of(pool, lanes.get(laneOf(hash)).tokens, hash, clock.millis()));
            }
        }
        return Optional.empty();
    }

    /** Keys in use here, and keys with rows. */
    long remembered() {
        return budget.taken()
                + lanes.stream()
                        .mapToLong(lane -> lane.tokens.holdings().size())
                        .sum();
    }

    /** What has been done since the start. */
    public LaneCounters counters() {
        return counters;
    }

    /** The rules that are open and shared with other nodes. */
    public List<UUID> rules() {
        return List.copyOf(shared.keySet());
    }
}
