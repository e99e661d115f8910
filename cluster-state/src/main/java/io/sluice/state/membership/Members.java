package io.sluice.state.membership;

import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The cluster as this node sees it at one moment. Immutable.
 *
 * @param epoch grows by one with every snapshot of this node, over all its runs in the cluster
 * @param self this node
 * @param all the nodes that count, ordered by address: from the moment one is seen {@link Member.Status#JOINING} until it is removed,
 *     also while it is unreachable, exiting or down. This node is among them unless it is {@link Member.Status#OUT}
 * @param inContact whether this node heard of a majority lately; {@link Membership#contactUntil()} says it to the nanosecond
 * @param leader id of the member that acts for the whole cluster where only one may: the one that has been up longest; 0 while that
 *     one is on its way out, so that the next one begins only after it is gone
 */
public record Members(long epoch, Member self, List<Member> all, boolean inContact, long leader) {

    public Members {
        all = List.copyOf(all);
    }

    /** A cluster that nobody leads yet. */
    public Members(long epoch, Member self, List<Member> all, boolean inContact) {
        this(epoch, self, all, inContact, 0);
    }

    /** Whether this node leads; only as long as it is in contact. */
    public boolean selfLeads() {
        return inContact && leader == self.id();
    }

    /** The member of an id. */
    public Optional<Member> byId(long id) {
        return all.stream().filter(member -> member.id() == id).findFirst();
    }

    /** All but this node. */
    public List<Member> others() {
        return all.stream().filter(member -> member.id() != self.id()).toList();
    }

    /**
     * Whether this node and those it heard of are the side that would survive a split: more than half of those who vote, or exactly
     * half with the lowest address among them. Always false for a node that has no vote itself.
     */
    boolean isMajority(LongPredicate heard) {
        int voters = 0;
        int ours = 0;
        boolean lowestIsOurs = false;
        for (Member member : all) {
            if (member.status().votes()) {
                boolean isOurs = member.id() == self.id() || heard.test(member.id());
                lowestIsOurs |= voters == 0 && isOurs;
                voters++;
                ours += isOurs ? 1 : 0;
            }
        }
        return self.status().votes() && (2 * ours > voters || 2 * ours == voters && lowestIsOurs);
    }
}
