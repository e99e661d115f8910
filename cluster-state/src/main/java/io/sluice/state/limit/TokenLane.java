package io.sluice.state.limit;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves tokens between nodes: the protocol for a part of a node's keys. A request that finds no token waits here; the lane
 * asks the key's home, which gives or passes the question on; the answer is the donor's row of the ledger after the gift. A
 * gift is debited before it is sent and credited at most once, so the tokens of all nodes and those under way never sum up to
 * more than the limit.
 *
 * <p>All methods are for one thread, except those that say otherwise. The lane knows no clock but the one it is given and does
 * nothing by itself: the same calls have the same results.
 */
final class TokenLane {

    /** After which an answer is not expected any more. */
    static final long PATIENCE_MILLIS = 20;

    private final TokenClock clock;
    private final Peers peers;
    private final Function<UUID, @Nullable TokenPool> pools;
    private final Donation donation = new Donation();
    private final Donor donor;
    private final Holdings holdings;
    private final Map<Long, KeyWork> works = new HashMap<>();
    private final AskOrder order = new AskOrder();
    private final Declarations declarations;
    private final LaneCounters counters;
    private final HomeDecisions decisions;
    private final Settlement settlement;
    private final UsageReport report = new UsageReport();
    private final EveryKey every;
    private long lastNumber;

    TokenLane(
            TokenClock clock,
            Peers peers,
            Function<UUID, @Nullable TokenPool> pools,
            Roster roster,
            Estates estates,
            long room,
            LaneCounters counters) {
        this.clock = clock;
        this.peers = peers;
        this.pools = pools;
        this.holdings = new Holdings(roster, estates, room);
        this.counters = counters;
        this.decisions = new HomeDecisions(clock, holdings, order, peers, counters);
        this.declarations = new Declarations(holdings, peers, counters);
        this.donor = new Donor(holdings, donation, peers, counters);
        Rounds rounds = new Rounds();
        this.settlement = new Settlement(clock, holdings, this::cover, rounds);
        this.every = new EveryKey(clock, holdings, donor, report, this::send, counters, rounds);
    }

    /** What this node may spend of a key. Any thread. */
    Claims claims(TokenPool pool, long hash, Limits limits, long now) {
        return holdings.claims(pool, hash, limits, now);
    }

    /** What this node owns of a key, also what it would have to declare before it spends it. Any thread. */
    long owned(TokenPool pool, long hash, int position, long now) {
        return holdings.isLeaving()
                ? 0
                : holdings.rule(pool, pool.limits(), hash).owned(position, now);
    }

    /** Whether there is anybody to ask. Any thread. */
    boolean hasPeers() {
        return holdings.roster().hasOthers();
    }

    private long self() {
        return holdings.roster().self();
    }

    /** The member that is asked first. Any thread. */
    long home(long hash) {
        return holdings.home(hash, clock.millis());
    }

    /** The rows of a key. Any thread. */
    KeyLedger ledger(long hash) {
        return holdings.ledger(hash);
    }

    /** A request found no token. */
    void want(Parked parked) {
        long now = clock.millis();
        parked.begin(now);
        if (take(parked, now)) {
            return;
        }
        if (holdings.isLeaving() || now < parked.entry().quietUntil()) {
            refuse(parked);
            return;
        }
        ClaimsRule rule = holdings.rule(
                parked.pool(), parked.pool().limits(), parked.entry().hash());
        long decider = rule.decider(now);
        boolean together = rule.scarce(now) || holdings.isCrowded(parked);
        if (together && decider != self() && !parked.takesNone()) {
            decisions.put(parked, decider, now);
            return;
        }
        counters.parked.increment();
        KeyWork work = works.computeIfAbsent(parked.entry().hash(), hash -> new KeyWork(parked.pool(), parked.entry()));
        work.park(parked);
        ask(work, now);
        expire(work, now);
    }

    /** Tokens were used that are others': asks for as many, but nobody waits for them. */
    void cover(TokenPool pool, Entry entry) {
        long now = clock.millis();
        KeyWork work = works.computeIfAbsent(entry.hash(), hash -> new KeyWork(pool, entry));
        if (pool.charges()) {
            work.cover(now + pool.rule().park().toMillis());
        }
        ask(work, now);
    }

    /** A key is used here from now on, maybe after others have said something of it. Any thread. */
    void begin(Entry entry) {
        report.recall(entry);
    }

    /** What is known of who owns what. Any thread may read it. */
    Holdings holdings() {
        return holdings;
    }

    /** A member has said something. */
    void heard(long member) {
        order.heard(member);
    }

    /** A message from a member. */
    void receive(PoolMessage message) {
        TokenPool pool = pools.apply(message.rule());
        if (message.slot() < 0 || message.slot() > TransferRow.CONCURRENT) {
            return;
        }
        if (message instanceof PoolMessage.Decided decided) {
            decisions.answered(decided);
        } else if (message instanceof PoolMessage.Usage usage && pool != null) {
            report.hear(pool, usage, clock.millis());
        } else if (message instanceof PoolMessage.Decide decide && pool != null) {
            decisions.decide(pool, decide).thenAccept(decided -> send(decide.asker(), decided));
        } else if (message instanceof PoolMessage.Declare declare) {
            declared(pool, declare);
        } else if (message instanceof PoolMessage.Noted noted) {
            declarations.noted(noted).ifPresent(row -> confirmed(pool, row));
        } else if (message instanceof PoolMessage.Grant grant) {
            granted(pool, grant);
        } else if (message instanceof PoolMessage.Ask ask) {
            asked(pool, ask);
        } else if (message instanceof PoolMessage.Empty empty) {
            empty(empty);
        }
    }

    /** Rows that other members have replicated. */
    void merge(Iterable<TransferRow> rows) {
        for (TransferRow row : rows) {
            credit(pools.apply(row.rule()), row);
        }
    }

    /** Rows that this node writes, known before any of their keys is used. */
    void remember(Iterable<TransferRow> rows) {
        long now = clock.millis();
        for (TransferRow row : rows) {
            if (row.isSound(now)) {
                KeyLedger ledger = ledger(row.hash());
                holdings.put(row.hash(), ledger.with(ledger.row(row).merge(row)));
            }
        }
    }

    /** The membership or what can be reached of it has changed. */
    void roster(Roster changed, Collection<TokenPool> all, LongPredicate mine) {
        boolean another = changed.self() != self();
        if (another) {
            settlement.forget();
        }
        holdings.roster(changed);
        order.roster(changed);
        if (another) {
            all.forEach(TokenPool::changed); // it owns nothing of what it did under its former id
        }
        every.review(all, mine);
    }

    /** Who owns what has changed: that of a key is looked up when it is used next, or else by and by. */
    void estates(Estates changed, Collection<TokenPool> all, LongPredicate mine) {
        every.estates(changed, all, mine);
    }

    /** How this node goes over to how tokens at a time are shared out. */
    Settlement settlement() {
        return settlement;
    }

    /** Does a piece of what is to be done for all keys; whether anything is left. */
    boolean goOn() {
        return every.goOn();
    }

    /** Time has passed: decides requests that have waited long enough. To be called every millisecond or so while busy. */
    void tick() {
        long now = clock.millis();
        boolean again = order.expire(now);
        for (Iterator<KeyWork> all = works.values().iterator(); all.hasNext(); ) {
            KeyWork work = all.next();
            long before = work.giveUp(now, PATIENCE_MILLIS);
            if (before != 0) {
                order.avoid(before, now);
            }
            expire(work, now);
            if (before != 0 || again) {
                ask(work, now);
            }
            if (work.isDone(now)) {
                all.remove();
            }
        }
        declarations.repeat(now, PATIENCE_MILLIS, works::containsKey);
        decisions.expire(now);
    }

    /** Whether there is anything to {@link #tick} for. */
    boolean busy() {
        return !works.isEmpty() || decisions.busy() || declarations.busy() || every.busy();
    }

    /** Tells the others what has been used, unless it is still being told. */
    void report(Collection<TokenPool> all, LongPredicate mine) {
        every.report(all, mine);
    }

    /** Forgets what is over; to be called now and then. */
    void clean() {
        holdings.clean(clock.millis());
    }

    /**
     * Gives everything that is in use here to an heir, before this node leaves; from now on it spends nothing.
     *
     * @param done after the last key
     */
    void handOver(long heir, Collection<TokenPool> all, LongPredicate mine, Runnable done) {
        holdings.leave();
        every.handOver(heir, all, mine, done);
    }

    private boolean take(Parked parked, long now) {
        if (parked.pool().retake(parked.entry(), parked.cost(), now, parked.outcome())) {
            parked.decide();
            return true;
        }
        return false;
    }

    private void refuse(Parked parked) {
        counters.denied.increment();
        parked.refuse(clock.millis());
    }

    private void expire(KeyWork work, long now) {
        while (!work.parked().isEmpty() && work.parked().peek().isOver(now)) {
            Parked parked = work.parked().remove();
            if (!take(parked, now)) {
                refuse(parked);
            }
        }
    }

    private void refuseAll(KeyWork work, long now) {
        Parked parked;
        while ((parked = work.parked().poll()) != null) {
            if (!take(parked, now)) {
                refuse(parked);
            }
        }
    }

    /** Asks for what the waiting requests lack and what is owed, unless that has been asked. */
    private void ask(KeyWork work, long now) {
        Entry entry = work.entry(now);
        Lease lease = entry.lease();
        if (lease == null) {
            return;
        }
        long needed = work.needed(now);
        Limits limits = lease.claims().limits();
        ClaimsRule rule = holdings.rule(work.pool(), limits, entry.hash());
        boolean declared = false;
        for (int i = 0; i < limits.size(); i++) {
            int slot = ClaimsRule.slot(limits, i);
            long lacking = work.lacking(needed, lease, i, now);
            boolean declares =
                    lacking > 0 && ClaimsRule.declares(work.pool().rule().windowType(), limits, i);
            if (declares && declarations.isOpen(work.declaring(slot))) {
                continue;
            }
            if (declares && declarations.declare(work.pool(), entry.hash(), i, lacking, ++lastNumber, now)) {
                work.declaring(slot, lastNumber);
                declared |= !declarations.isOpen(lastNumber);
                continue;
            }
            if (lacking > 0 && !work.isAsking(slot)) {
                long demand = donation.demand(work.pool().rule().windowType(), lease, i, now);
                long want = Math.max(lacking, demand * PATIENCE_MILLIS / 1_000_000);
                PoolMessage.Ask ask = new PoolMessage.Ask(
                        work.pool().id(),
                        entry.hash(),
                        slot,
                        self(),
                        ++lastNumber,
                        Math.min(want, limits.allowed(i)),
                        demand,
                        Math.max(0, rule.lasting(i, now)),
                        new long[0],
                        lease.freeAt(i, now));
                long next = next(ask, rule, i, now);
                if (next == self() && order.isSomebodySlow(holdings.roster(), now)) {
                    continue; // asked again when it may be; until then requests wait as long as their rule allows
                }
                if (next == self()) {
                    empty(work, Donation.until(ask, holdings.roster(), ask.freeAt(), now), now);
                    return;
                }
                work.asking(slot, ask.number(), next, now);
                send(next, ask);
            }
        }
        if (declared) {
            holdings.relet(work.pool(), entry, now);
            serve(work, now);
        }
    }

    private void asked(@Nullable TokenPool pool, PoolMessage.Ask ask) {
        if (ask.asker() == self() || holdings.estates().isGone(ask.asker())) {
            return; // tokens given to itself would be new ones
        }
        long now = clock.millis();
        long freeAt = ask.freeAt();
        long next;
        int position = pool == null ? -1 : ClaimsRule.position(pool.limits(), ask.slot());
        if (pool == null || position < 0) {
            // This node may own some, it will know when it has the rule.
            freeAt = Math.min(freeAt, now + Donation.UNSURE_MILLIS);
            next = Donation.unvisited(ask, self(), holdings.roster().members(), this::mayAsk);
        } else {
            Entry entry = pool.entry(ask.hash(), now);
            if (!holdings.isLeaving() && donor.offer(pool, entry, position, ask, now)) {
                return;
            }
            Lease lease = entry.lease();
            freeAt = lease == null ? freeAt : Math.min(freeAt, lease.freeAt(position, now));
            if (!pool.mayAdmit(now)) {
                freeAt = Math.min(freeAt, now + Donation.UNSURE_MILLIS);
            }
            next = next(ask, holdings.rule(pool, pool.limits(), ask.hash()), position, now);
        }
        if (next == self()) {
            send(ask.asker(), Donation.empty(ask, holdings.roster(), freeAt, now));
        } else {
            send(next, Donation.passedOn(ask, self(), freeAt));
        }
    }

    private long next(PoolMessage.Ask ask, ClaimsRule rule, int position, long now) {
        return order.next(ask, rule, position, holdings.roster(), home(ask.hash()), now);
    }

    private boolean mayAsk(long member) {
        return order.mayAsk(holdings.roster(), member);
    }

    private void granted(@Nullable TokenPool pool, PoolMessage.Grant grant) {
        long now = clock.millis();
        credit(pool, grant.row());
        KeyWork work = works.get(grant.hash());
        if (work == null || grant.row().recipient() != self()) {
            return;
        }
        if (work.isAnswer(grant.slot(), grant.number())) {
            work.answered(grant.slot());
        }
        serve(work, now);
    }

    private void serve(KeyWork work, long now) {
        work.pool().settle(work.entry(now), now);
        while (!work.parked().isEmpty() && take(work.parked().peek(), now)) {
            work.parked().remove();
        }
        ask(work, now);
    }

    private void declared(@Nullable TokenPool pool, PoolMessage.Declare declare) {
        TransferRow row = declare.row();
        // Of somebody who is gone others have taken over what it had not declared by then.
        if (row.recipient() == TransferRow.SPENT
                && holdings.roster().contains(row.donor())
                && !holdings.estates().isGone(row.donor())
                && row.isSound(clock.millis())) {
            credit(pool, row);
            send(row.donor(), new PoolMessage.Noted(row.rule(), row.hash(), row.slot(), self(), declare.number()));
        }
    }

    private void confirmed(@Nullable TokenPool pool, TransferRow row) {
        KeyWork work = works.get(row.hash());
        if (pool != null && work != null) {
            holdings.relet(pool, work.entry(clock.millis()), clock.millis());
            serve(work, clock.millis());
        }
    }

    /** Takes a row into account, if it says more than is known. */
    private void credit(@Nullable TokenPool pool, TransferRow row) {
        long now = clock.millis();
        if (row.donor() == self() || !row.isSound(now)) {
            return;
        }
        KeyLedger ledger = ledger(row.hash());
        TransferRow known = ledger.row(TransferRow.none(
                row.rule(), row.hash(), row.slot(), row.generation(), row.era(), row.donor(), row.recipient()));
        TransferRow merged = known.merge(row);
        if (merged.equals(known)) {
            return;
        }
        KeyLedger next = ledger.with(merged);
        boolean open = pool != null && pool.rule().peers() == PeerPolicy.OPEN && row.recipient() == self();
        if (row.isLong() || open) {
            peers.changed(row); // its donor may die, or be cut off, before it has told all
        }
        if (row.recipient() == self()) {
            next = Donation.held(next, pool == null ? null : pool.rule().windowType(), known, merged, now);
            counters.received.increment();
        }
        Entry entry = pool == null ? null : pool.table().find(row.hash());
        if (pool == null || entry == null) {
            holdings.put(row.hash(), next);
            return;
        }
        Overdraft overdraft = entry.overdraft();
        if (open && overdraft != null && overdraft.borrowsFrom(row.donor())) {
            next = Donation.heldBack(next, pool.rule().windowType(), known, merged, now);
        }
        holdings.put(row.hash(), next);
        if (overdraft != null) {
            overdraft.expire(); // there may be less to borrow
        }
        entry.loud();
        holdings.relet(pool, entry, now);
    }

    private void empty(PoolMessage.Empty empty) {
        KeyWork work = works.get(empty.hash());
        if (work != null && work.isAnswer(empty.slot(), empty.number())) {
            work.answered(empty.slot());
            long now = clock.millis();
            if (!order.isSomebodySlow(holdings.roster(), now)) {
                empty(work, empty.until(), now);
            }
        }
    }

    private void empty(KeyWork work, long until, long now) {
        ClaimsRule rule =
                holdings.rule(work.pool(), work.pool().limits(), work.entry(now).hash());
        // What is inherited later must be asked for, or declared, then.
        work.entry(now).quiet(Math.min(until, rule.changes(now)), work.pool().limits(), now);
        refuseAll(work, now);
    }

    private void send(long to, PoolMessage message) {
        counters.sent.increment();
        peers.send(to, message);
    }
}
