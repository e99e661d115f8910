package io.sluice.node.upstream;

import io.sluice.node.balance.Balancer;
import io.sluice.node.guard.Outlier;
import io.sluice.node.guard.OutlierEjection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers of an upstream at one moment, and the balancer that picks among them by their place. A request goes by one of these
 * from its first try to its last. Immutable but for what the balancer learns.
 */
public final class Peers {

    /** What is overlooked, where nothing better is left. */
    enum Mercy {
        NONE,
        /** That connections have failed this moment. */
        SUSPECTS,
        /** And that it is left out for having failed. */
        ALL
    }

    private final Peer[] all;
    private final Balancer balancer;
    private final Choice absence;
    private final @Nullable OutlierEjection ejection;
    private final Outlier[] outliers;

    /**
     * @param absence what a request is told when no peer can be picked
     * @param ejection what leaves out peers that fail; null for nothing
     */
    Peers(List<Peer> all, Balancer balancer, Choice absence, @Nullable OutlierEjection ejection) {
        this.ejection = ejection;
        this.outliers = ejection == null
                ? new Outlier[0]
                : ejection.of(all.stream().map(Peer::name).toList());
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

    /** Whether there is no choice. */
    boolean single() {
        return all.length < 2;
    }

    /** Whether two are at the same address, such as one and itself. */
    boolean same(int one, int other) {
        return all[one].endpoint().equals(all[other].endpoint());
    }

    Balancer balancer() {
        return balancer;
    }

    Choice absence() {
        return absence;
    }

    /** Whether any peer may be left out for having failed. */
    boolean ejects() {
        return ejection != null;
    }

    /**
     * Whether a peer may be used as far as all requests are concerned.
     *
     * @param mercy how much is overlooked
     */
    boolean usable(int number, Mercy mercy, long now) {
        Peer peer = all[number];
        boolean in = ejection == null || !outliers[number].out(now);
        boolean usable = peer.health().usable();
        peer.load().seen(usable && in, now);
        return switch (mercy) {
            case NONE -> usable && in && !peer.health().suspect(now);
            case SUSPECTS -> usable && in;
            case ALL -> usable;
        };
    }

    /** A peer has answered. */
    void responded(int number, int status, long now) {
        OutlierEjection of = ejection;
        if (of != null && status < 500) {
            of.succeeded(outliers[number]);
        } else if (of != null) {
            of.failed(outliers, number, now);
        }
    }

    /** A peer has failed a try. */
    void failed(int number, long now) {
        OutlierEjection of = ejection;
        if (of != null) {
            of.failed(outliers, number, now);
        }
    }
}
