package io.sluice.state.limit;

import java.util.Arrays;
import java.util.Set;

/**
 * The members of the cluster as a node knows them. A node is a member from the moment it is seen joining until it has been
 * removed; itself it counts from the moment it is up, when all others have seen it join.
 *
 * @param self this node; an id is never used again, also not by the same node after a restart
 * @param members sorted, without duplicates; without {@code self} as long as this node is not up
 * @param unreachable members that cannot be reached now
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by value
public record Roster(long self, long[] members, Set<Long> unreachable) {

    /** Sorts the members. */
    public Roster {
        members = Arrays.stream(members).sorted().distinct().toArray();
        unreachable = Set.copyOf(unreachable);
    }

    /** A cluster of one. */
    public static Roster alone(long self) {
        return new Roster(self, new long[] {self}, Set.of());
    }

    @Override
    public long[] members() {
        return members.clone();
    }

    /** How many members there are. */
    int size() {
        return members.length;
    }

    /** Whether a node is a member. */
    public boolean contains(long node) {
        return Arrays.binarySearch(members, node) >= 0;
    }

    /** Whether there is a member besides this node. */
    boolean hasOthers() {
        return members.length > 1 || members.length == 1 && members[0] != self;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Roster that
                && self == that.self
                && Arrays.equals(members, that.members)
                && unreachable.equals(that.unreachable);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(members) * 31 + unreachable.hashCode();
    }

    @Override
    public String toString() {
        return "roster of " + self + ": " + Arrays.toString(members) + ", unreachable: " + unreachable;
    }
}
