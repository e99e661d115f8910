package io.sluice.state.limit;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Announces eras: when members have come or gone and it has been quiet for a while, so that a rolling restart is one change;
 * sooner when one has died, whose tokens are missing. One member announces, the one with the lowest id; if two do so at a time,
 * their announcements merge before they count. For one thread.
 */
final class EraKeeper {

    /** So long the members stay the same before keys are shared out afresh. */
    private static final long QUIET_MILLIS = 20_000;

    private final Set<Long> seen = new HashSet<>();
    private long[] members = {};
    private long changed;

    /**
     * The estates to announce, if there is anything new.
     *
     * @param settled the turn that this node has settled in
     */
    Optional<Estates> keep(Roster roster, Estates known, Turn settled, long now) {
        long[] current = roster.members();
        if (!Arrays.equals(current, members)) {
            members = current;
            changed = now;
        }
        boolean mine = current.length > 0 && current[0] == roster.self();
        Era last = known.last().orElse(null);
        Arrays.stream(current).forEach(seen::add);
        Estates next = known;
        if (roster.contains(roster.self()) && !known.settled(roster.self()).covers(settled)) {
            next = next.settle(roster.self(), settled);
        }
        if (mine && last != null) {
            next = obituaries(roster, next, last, now);
            next = nextEra(roster, next, last, now).map(next::with).orElse(next);
            next = next.clear(inWhichAllSettled(roster, next));
        }
        return next.equals(known) ? Optional.empty() : Optional.of(next);
    }

    /** The last turn that all have settled in who may have tokens in use: members, and those who were and are not known to be gone. */
    private static Turn inWhichAllSettled(Roster roster, Estates known) {
        Set<Long> all = new HashSet<>();
        Arrays.stream(roster.members()).forEach(all::add);
        for (Era era : known.eras()) {
            if (era.number() >= known.cleared().era()) {
                Arrays.stream(era.members()).filter(node -> !known.isGone(node)).forEach(all::add);
            }
        }
        return all.stream().map(known::settled).reduce(Turn::min).orElse(Turn.NONE);
    }

    /** What the dead had declared goes on with this node. */
    private Estates obituaries(Roster roster, Estates known, Era last, long now) {
        Estates next = known;
        Set<Long> all = new HashSet<>(seen);
        Arrays.stream(last.members()).forEach(all::add);
        for (long node : all) {
            if (!roster.contains(node) && !known.isGone(node)) {
                next = next.with(new Estates.Bequest(node, roster.self(), now, true));
            }
        }
        seen.removeIf(node -> !roster.contains(node));
        return next;
    }

    private Optional<Era> nextEra(Roster roster, Estates known, Era last, long now) {
        long[] current = roster.members();
        if (Arrays.equals(last.members(), current) || last.start() > now) {
            return Optional.empty();
        }
        boolean someoneDied = Arrays.stream(last.members())
                .anyMatch(node -> Arrays.binarySearch(current, node) < 0 && !known.hasLeft(node));
        if (!someoneDied && now - changed < QUIET_MILLIS) {
            return Optional.empty();
        }
        long start = Period.SECOND.start(Period.SECOND.index(now + Estates.NOTICE_MILLIS) + 1);
        return Optional.of(new Era(last.number() + 1, start, current));
    }
}
