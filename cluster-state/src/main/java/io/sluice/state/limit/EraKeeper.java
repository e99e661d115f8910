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

    /** The estates to announce, if there is anything new. */
    Optional<Estates> keep(Roster roster, Estates known, long now) {
        long[] current = roster.members();
        if (!Arrays.equals(current, members)) {
            members = current;
            changed = now;
        }
        boolean mine = current.length > 0 && current[0] == roster.self();
        Era last = known.last().orElse(null);
        Arrays.stream(current).forEach(seen::add);
        if (!mine || last == null) {
            return Optional.empty();
        }
        Estates next = obituaries(roster, known, last, now);
        next = nextEra(roster, next, last, now).map(next::with).orElse(next);
        return next.equals(known) ? Optional.empty() : Optional.of(next);
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
