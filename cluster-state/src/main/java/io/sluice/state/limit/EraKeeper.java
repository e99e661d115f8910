package io.sluice.state.limit;

import java.util.Arrays;
import java.util.Optional;

/**
 * Announces eras: when members have come or gone and it has been quiet for a while, so that a rolling restart is one change;
 * sooner when one has died, whose tokens are missing. One member announces, the one with the lowest id; if two do so at a time,
 * their announcements merge before they count. For one thread.
 */
final class EraKeeper {

    /** So long the members stay the same before keys are shared out afresh. */
    private static final long QUIET_MILLIS = 20_000;

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
        if (!mine || last == null || Arrays.equals(last.members(), current) || last.start() > now) {
            return Optional.empty();
        }
        boolean someoneDied = Arrays.stream(last.members())
                .anyMatch(node -> Arrays.binarySearch(current, node) < 0 && !known.hasLeft(node));
        if (!someoneDied && now - changed < QUIET_MILLIS) {
            return Optional.empty();
        }
        long start = Period.SECOND.start(Period.SECOND.index(now + Estates.NOTICE_MILLIS) + 1);
        return Optional.of(known.with(new Era(last.number() + 1, start, current)));
    }
}
