package io.sluice.state.membership;

import io.sluice.state.membership.Member.Status;
import io.sluice.state.wire.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** The members of one run, kept up by the events of Pekko's cluster. One thread. */
final class MemberView {

    /** Pekko's order, which decides who has the lowest address. */
    private static final Comparator<Entry> BY_ADDRESS =
            (one, other) -> org.apache.pekko.cluster.Member.addressOrdering().compare(one.address(), other.address());

    /** A member as Pekko told of it last, and as it is shown. */
    private record Entry(org.apache.pekko.cluster.Member source, Member member) {
        Address address() {
            return source.address();
        }

        boolean olderThan(Entry other) {
            return source.isOlderThan(other.source);
        }
    }

    private final long selfId;
    private final Address selfAddress;
    private final Map<Long, Entry> entries = new HashMap<>();
    private OptionalLong candidate = OptionalLong.empty();
    private OptionalLong settled = OptionalLong.empty();

    MemberView(UniqueAddress self) {
        this.selfId = NodeId.of(self.address(), self.longUid());
        this.selfAddress = self.address();
    }

    /** Takes an event in; says what changed in words, or nothing. */
    Optional<String> apply(ClusterDomainEvent event) {
        if (event instanceof ClusterEvent.MemberRemoved removed) {
            Entry gone = entries.remove(id(removed.member()));
            return Optional.ofNullable(gone).map(entry -> entry.member.address() + " is removed");
        }
        if (event instanceof MemberEvent change) {
            Status status = status(change.member().status());
            return put(current(change.member()).with(status), change.member())
                    .map(address -> address + " is " + status.name().toLowerCase(Locale.ROOT));
        }
        if (event instanceof ClusterEvent.ReachabilityEvent change) {
            boolean reachable = event instanceof ClusterEvent.ReachableMember;
            return put(current(change.member()).reachable(reachable), change.member())
                    .map(address -> address + (reachable ? " is reachable again" : " is unreachable"));
        }
        return Optional.empty();
    }

    private Optional<String> put(Member next, org.apache.pekko.cluster.Member member) {
        Entry before = entries.put(next.id(), new Entry(member, next));
        return before != null && before.member.equals(next) ? Optional.empty() : Optional.of(next.address());
    }

    private Member current(org.apache.pekko.cluster.Member member) {
        Entry known = entries.get(id(member));
        return known == null
                ? new Member(id(member), hostPort(member.address()), status(member.status()), true)
                : known.member;
    }

    private static long id(org.apache.pekko.cluster.Member member) {
        return NodeId.of(member.address(), member.uniqueAddress().longUid());
    }

    static String hostPort(Address address) {
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    private static Status status(MemberStatus status) {
        if (status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp())) {
            return Status.JOINING;
        }
        if (status.equals(MemberStatus.leaving())) {
            return Status.LEAVING;
        }
        if (status.equals(MemberStatus.exiting()) || status.equals(MemberStatus.removed())) {
            return Status.EXITING;
        }
        return status.equals(MemberStatus.down()) ? Status.DOWN : Status.UP;
    }

    Members snapshot(long epoch, boolean inContact) {
        List<Member> all = sorted();
        Member self = all.stream()
                .filter(member -> member.id() == selfId)
                .findFirst()
                .orElseGet(() -> new Member(selfId, hostPort(selfAddress), Status.OUT, true));
        return new Members(epoch, self, all, inContact, leader());
    }

    /**
     * To be called every now and then. Only who was the oldest twice in a row leads: events come one by one, and a node that has heard
     * of a few members so far must not take itself for the oldest.
     *
     * @return whether that made another one the leader
     */
    boolean settle() {
        long before = leader();
        OptionalLong oldest = oldest().stream().mapToLong(Member::id).findFirst();
        settled = oldest.equals(candidate) ? oldest : OptionalLong.empty();
        candidate = oldest;
        return leader() != before;
    }

    private long leader() {
        return oldest().filter(member -> settled.equals(OptionalLong.of(member.id())))
                .filter(member -> member.status() == Status.UP)
                .map(Member::id)
                .orElse(0L);
    }

    /** Who was up first of all that are not removed, whatever became of it since. */
    private Optional<Member> oldest() {
        Entry oldest = null;
        for (Entry entry : entries.values()) {
            if (oldest == null || entry.olderThan(oldest)) {
                oldest = entry;
            }
        }
        return Optional.ofNullable(oldest).map(entry -> entry.member);
    }

    private List<Member> sorted() {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(BY_ADDRESS);
        return sorted.stream().map(Entry::member).toList();
    }

    boolean hasAddress(String address) {
        return entries.values().stream()
                .anyMatch(entry -> entry.member.address().equals(address));
    }

    List<String> addresses() {
        return sorted().stream().map(Member::address).toList();
    }

    /** For the log: addresses, with the status of those that are not simply up. */
    List<String> show() {
        return sorted().stream()
                .map(member -> member.address()
                        + (member.status() == Status.UP
                                ? ""
                                : " " + member.status().name().toLowerCase(Locale.ROOT))
                        + (member.reachable() ? "" : " unreachable"))
                .toList();
    }
}
