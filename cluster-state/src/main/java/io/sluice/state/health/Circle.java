package io.sluice.state.health;

import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import java.util.List;
import java.util.Set;

/**
 * Those who share verdicts.
 *
 * @param self id of this node
 * @param belongs whether this node is one of them
 * @param members ids of all that are up and reachable, sorted
 */
record Circle(long self, boolean belongs, List<Long> members) {

    static Circle of(Members members) {
        long self = members.self().id();
        boolean belongs = members.self().status() == Status.UP;
        List<Long> all = members.all().stream()
                .filter(member -> member.status() == Status.UP && (member.reachable() || member.id() == self))
                .map(Member::id)
                .sorted()
                .toList();
        return new Circle(self, belongs, all);
    }

    /** This one without some nodes; never without this node itself. */
    Circle without(Set<Long> some) {
        return new Circle(
                self,
                belongs,
                members.stream()
                        .filter(member -> member == self || !some.contains(member))
                        .toList());
    }

    List<Long> others() {
        return members.stream().filter(member -> member != self).toList();
    }

    boolean has(long member) {
        return members.contains(member);
    }

    Owners owners(TargetAddress address) {
        return belongs
                ? Owners.of(address, members.stream().mapToLong(Long::longValue).toArray())
                : new Owners(self, 0);
    }
}
