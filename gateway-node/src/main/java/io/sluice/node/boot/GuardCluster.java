package io.sluice.node.boot;

import io.sluice.node.guard.CircuitBreaker;
import io.sluice.node.guard.Guards;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import java.util.List;

/** The cluster as the guards of upstreams see it. Until the node is in one it counts as by itself. Any thread. */
final class GuardCluster implements Guards.Cluster {

    private volatile Membership membership = Membership.alone();

    /** From now on the node is there. */
    void join(Membership cluster) {
        membership = cluster;
    }

    @Override
    public int members() {
        return Math.max(1, membership.members().all().size());
    }

    @Override
    public int rank() {
        Members members = membership.members();
        List<Member> all = members.all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id() == members.self().id()) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public long agreedMillis() {
        return membership.agreedMillis();
    }

    @Override
    public void recall(String upstream, CircuitBreaker breaker) {}

    @Override
    public void changed(String upstream, boolean open, long version) {}
}
