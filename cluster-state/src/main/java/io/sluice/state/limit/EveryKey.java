package io.sluice.state.limit;

import java.util.Collection;
import java.util.List;
import java.util.function.LongPredicate;

/** What a lane does for every key, in {@link Rounds}. Of the lane's thread only. */
final class EveryKey {

    /** Of so many keys a node that leaves tells the heir at once; of the others with all rows at the end, which is less work. */
    private static final int MOST_TOLD = 4_096;

    private final TokenClock clock;
    private final Holdings holdings;
    private final Donor donor;
    private final UsageReport report;
    private final Sender sender;
    private final LaneCounters counters;
    private final Rounds rounds;
    private int toldOf;
    private long owed;
    private long lastOwed;

    EveryKey(
            TokenClock clock,
            Holdings holdings,
            Donor donor,
            UsageReport report,
            Sender sender,
            LaneCounters counters,
            Rounds rounds) {
        this.clock = clock;
        this.holdings = holdings;
        this.donor = donor;
        this.report = report;
        this.sender = sender;
        this.counters = counters;
        this.rounds = rounds;
    }

    /** Sends a message to a member, and counts it. */
    interface Sender {

        void send(long member, PoolMessage message);
    }

    boolean busy() {
        return rounds.busy();
    }

    boolean goOn() {
        return rounds.goOn();
    }

    /**
     * Who owns what has changed, of all keys or of tokens at a time. Requests find it out by themselves; what is not used is let
     * anew, too, and leases that threads have found before are closed.
     */
    void estates(Estates changed, Collection<TokenPool> all, LongPredicate mine) {
        Estates before = holdings.estates();
        holdings.estates(changed);
        boolean shared = !changed.sharesLike(before);
        if (!shared && changed.cleared().equals(before.cleared())) {
            return;
        }
        for (TokenPool pool : all) {
            if (shared || pool.rule().windowType() == WindowType.CONCURRENCY) {
                pool.changed();
            }
        }
        // All of them again: this may take the place of a round that has not come to its end.
        rounds.begin(Rounds.Purpose.LET, new KeyWalk(all, mine, this::letAnew, () -> {}));
    }

    private void letAnew(TokenPool pool, Entry entry) {
        entry.loud();
        Lease lease = entry.lease();
        if (lease != null && lease.claims().change() != pool.change()) {
            pool.let(entry, clock.millis());
        }
    }

    /** Other members can be reached than before. */
    void review(Collection<TokenPool> all, LongPredicate mine) {
        List<TokenPool> open = all.stream()
                .filter(pool -> pool.rule().peers() == PeerPolicy.OPEN)
                .toList();
        KeyWalk.Visitor review = (pool, entry) -> pool.reviewOverdraft(entry, clock.millis());
        rounds.begin(Rounds.Purpose.REVIEW, new KeyWalk(open, mine, review, () -> {}));
    }

    /** Tells the others what has been used, unless it is still being told. */
    void report(Collection<TokenPool> all, LongPredicate mine) {
        if (!rounds.isOpen(Rounds.Purpose.REPORT)) {
            report.begin();
            owed = 0;
            rounds.begin(Rounds.Purpose.REPORT, new KeyWalk(all, mine, this::report, this::reported));
        }
    }

    private void reported() {
        report.end();
        counters.owed.add(owed - lastOwed);
        lastOwed = owed;
    }

    private void report(TokenPool pool, Entry entry) {
        owed += Overdraft.owed(entry);
        Roster known = holdings.roster();
        report.report(pool, entry, known.self(), clock.millis(), usage -> {
            for (long member : known.members()) {
                if (member != known.self() && !known.unreachable().contains(member)) {
                    sender.send(member, usage);
                }
            }
        });
    }

    /** Gives all that is in use to an heir; nothing is spent from now on. */
    void handOver(long heir, Collection<TokenPool> all, LongPredicate mine, Runnable done) {
        all.forEach(TokenPool::changed);
        KeyWalk.Visitor give = (pool, entry) -> {
            long now = clock.millis();
            for (int i = 0; i < pool.limits().size(); i++) {
                donor.giveAll(pool, entry, i, heir, toldOf < MOST_TOLD, now);
            }
            toldOf++;
        };
        rounds.begin(Rounds.Purpose.HAND_OVER, new KeyWalk(all, mine, give, done));
    }
}
