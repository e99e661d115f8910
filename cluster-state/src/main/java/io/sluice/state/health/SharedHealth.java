package io.sluice.state.health;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The health of all targets, the same on all nodes of the cluster. It belongs to addresses by name and not to revisions of the
 * configuration. Any thread; nothing blocks.
 */
public interface SharedHealth {

    /** How long a verdict holds that nobody confirms any more. */
    int KEPT_SECONDS = 300;

    /**
     * How long what is known of a target is kept after no node has it any more: long enough for a change of the configuration or of
     * a name's addresses in two steps. After that its address may be somebody else's.
     */
    int GRACE_SECONDS = 10;

    /**
     * The health of an address; the same object whenever it is asked for while somebody watches it. Until it is watched, whatever is
     * told to it counts as nothing.
     */
    TargetHealth of(TargetAddress address);

    /** Watches an upstream from now on, in place of what was watched under that name. Saying the same again changes nothing. */
    void watch(WatchedUpstream upstream);

    /** Watches no longer; what is known is kept for {@link #GRACE_SECONDS}, for an upstream that comes back. */
    void forget(String upstream);

    /**
     * Says by hand what a target is, in the whole cluster: sets all counters to 0. Probes and traffic may say otherwise later on. Out of
     * contact with the others it holds for this node, and for all when it is back unless somebody has said or found something since.
     *
     * @param target {@code host:port} as configured
     * @param endpoint {@code ip:port} of one of its addresses, IPv6 in brackets; all of them if empty
     * @return done when it holds on this node: whether there is such an address
     */
    CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy);

    /**
     * Calls with every change from now on, after {@link TargetHealth#usable()} shows it. Of changes within a moment that cancel each
     * other none may be told.
     *
     * @param listener called by one thread at a time; must not block
     * @return ends the subscription
     */
    Runnable subscribe(Consumer<HealthChange> listener);

    /** What each node thinks and why; done within about two seconds, also if some node does not answer. */
    CompletionStage<HealthReport> report();
}
