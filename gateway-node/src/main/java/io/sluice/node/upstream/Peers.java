package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import java.util.List;

/**
 * The peers of an upstream at one moment, and the balancer that picks among them by their place. A request goes by one of these
 * from its first try to its last. Immutable but for what the balancer learns.
 */
public final class Peers {

    private final Peer[] all;
    private final Balancer balancer;
    private final Choice absence;

    /**
     * @param absence what a request is told when no peer can be picked
     */
    Peers(List<Peer> all, Balancer balancer, Choice absence) {
        this.all = all.toArray(Peer[]::new);
        this.balancer = balancer;
        this.absence = absence;
    }

    /** Every peer, also those of weight 0, by the balancer's numbers. */
    public List<Peer> all() {
        return List.of(all);
    }

    Peer at(int number) {
        return all[number];
    }

    Balancer balancer() {
        return balancer;
    }

    Choice absence() {
        return absence;
    }
}
