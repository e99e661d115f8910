package io.sluice.state.limit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The memberships that still matter for who owns what. Nodes learn of a change at different moments, so a change that takes
 * tokens away counts at once and one that gives tokens waits until every node that may still admit has learned of it: a node
 * owns the least of what any membership from the settled one on gives it.
 *
 * <p>Immutable. Times are milliseconds since the epoch as the cluster agrees on them.
 */
final class RosterHistory {

    /**
     * How long after one node has learned of a change all others have: gossip takes about a second, and whoever is cut off
     * for longer than {@link Contact#FENCE_MILLIS} does not admit any more.
     */
    static final long SETTLE_MILLIS = 10_000;

    /**
     * One membership.
     *
     * @param learned when this node learned of it
     * @param removal whether it lacks somebody whom the one before had
     */
    @SuppressWarnings("ArrayRecordComponent") // never leaves, compared by nobody
    record Phase(long[] members, long learned, boolean removal) {

        boolean contains(long node) {
            return Arrays.binarySearch(members, node) >= 0;
        }

        long settled() {
            return learned == Long.MIN_VALUE ? learned : learned + SETTLE_MILLIS;
        }
    }

    private final long self;
    private final List<Phase> phases;

    private RosterHistory(long self, List<Phase> phases) {
        this.self = self;
        this.phases = phases;
    }

    /** A node that is alone owns everything at once; one that comes to others owns nothing before they have made room. */
    static RosterHistory begin(Roster roster, long now) {
        long[] members = roster.members();
        List<Phase> phases = new ArrayList<>();
        boolean alone = members.length == 1 && members[0] == roster.self();
        if (!alone) {
            phases.add(new Phase(new long[0], Long.MIN_VALUE, false));
        }
        phases.add(new Phase(members, alone ? Long.MIN_VALUE : now, false));
        return new RosterHistory(roster.self(), List.copyOf(phases));
    }

    /** Whether the members are those of the last phase. */
    boolean knows(Roster roster) {
        return roster.self() == self && Arrays.equals(last().members(), roster.members());
    }

    /** With another membership, and without those that have been over for longer than {@code keep} milliseconds. */
    RosterHistory next(Roster roster, long now, long keep) {
        if (roster.self() != self) {
            return begin(roster, now);
        }
        Phase last = last();
        long[] members = roster.members();
        boolean removal = Arrays.stream(last.members()).anyMatch(node -> Arrays.binarySearch(members, node) < 0);
        List<Phase> next = new ArrayList<>(phases);
        next.add(new Phase(members, now, removal));
        while (next.size() > 1 && next.get(1).settled() < now - keep) {
            next.remove(0);
        }
        return new RosterHistory(self, List.copyOf(next));
    }

    long self() {
        return self;
    }

    List<Phase> phases() {
        return phases;
    }

    Phase last() {
        return phases.get(phases.size() - 1);
    }
}
