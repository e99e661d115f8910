package io.sluice.state.limit;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/** What a lane knows of who owns what: members, eras and transfers. One thread writes, any reads. */
final class Holdings {

    private final ConcurrentHashMap<Long, KeyLedger> ledgers = new ConcurrentHashMap<>();
    private final long room;
    private volatile Estates estates;
    private volatile Roster roster;
    private volatile boolean leaving;
    private volatile Turn entered = Turn.NONE;

    /**
     * @param room for how many keys there may be rows: all nodes have the same, so those of one can fill the memory of all
     */
    Holdings(Roster roster, Estates estates, long room) {
        this.room = room;
        this.roster = roster;
        this.estates = estates;
    }

    Roster roster() {
        return roster;
    }

    void roster(Roster changed) {
        roster = changed;
    }

    Estates estates() {
        return estates;
    }

    void estates(Estates changed) {
        estates = changed;
    }

    /** From now on tokens at a time are counted by a turn, if not by a later one already; the one that it is. */
    Turn enter(Turn turn) {
        Turn last = entered.max(turn).max(estates.cleared());
        entered = last;
        return last;
    }

    /** The rows of a key. */
    KeyLedger ledger(long hash) {
        KeyLedger ledger = ledgers.get(hash);
        return ledger == null ? KeyLedger.EMPTY : ledger;
    }

    void put(long hash, KeyLedger ledger) {
        ledgers.put(hash, ledger);
    }

    /** How many keys have rows. Any thread. */
    long size() {
        return ledgers.mappingCount();
    }

    /**
     * Whether this node may write rows about a key. What is asked for by those who have no tokens gets a quarter of the room, what
     * has to be declared before it is spent gets half: the rest is for those that other nodes write at the same time.
     */
    boolean hasRoom(long hash, boolean declared) {
        return size() < (declared ? room / 2 : room / 4) || ledgers.containsKey(hash);
    }

    /** Whether a request is better put to its key's home: what that has can be had without a row. */
    boolean isCrowded(Parked parked) {
        return parked.pool().rule().windowType() != WindowType.CONCURRENCY
                && !hasRoom(parked.entry().hash(), false);
    }

    /** Forgets what is over. */
    void clean(long now) {
        ledgers.forEach((hash, ledger) -> {
            KeyLedger kept = ledger.after(now, estates.cleared());
            if (kept.isEmpty()) {
                ledgers.remove(hash);
            } else {
                ledgers.put(hash, kept);
            }
        });
    }

    /** From now on this node spends nothing. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** What this node may spend of a key. */
    Claims claims(TokenPool pool, long hash, Limits limits, long now) {
        int change = pool.change(); // before what it counts is looked at
        if (leaving) {
            return Claims.none(limits).after(change, Elsewhere.NOTHING);
        }
        Claims claims = rule(pool, limits, hash).claims(now);
        return claims.after(
                change,
                pool.rule().windowType() == WindowType.FIXED
                        ? Elsewhere.remembered(ledger(hash), limits, roster.self(), now)
                        : Elsewhere.NOTHING);
    }

    /** Has a key go on by what this node may spend of it now. */
    void relet(TokenPool pool, Entry entry, long now) {
        Limits limits = pool.limits();
        entry.let(closed -> claims(pool, entry.hash(), limits, now), now);
    }

    /** What follows from all this for a key. */
    ClaimsRule rule(TokenPool pool, Limits limits, long hash) {
        Estates known = estates; // before the rows: whoever sees what a cluster begins with sees what was spent before
        return new ClaimsRule(
                pool.rule().windowType(), limits, hash, ledger(hash), known, roster.self(), pool.lowered(), entered);
    }

    /**
     * The member that is asked first: the first in the key's order of those that were given shares and are still there; this
     * node while there is no other.
     */
    long home(long hash, long now) {
        Roster known = roster;
        long[] members = known.members();
        long[] sharers = estates.at(now)
                .map(era -> Arrays.stream(members).filter(era::contains).toArray())
                .orElse(members);
        long[] some = sharers.length == 0 ? members : sharers;
        return some.length == 0 ? known.self() : Holders.home(hash, some);
    }
}
