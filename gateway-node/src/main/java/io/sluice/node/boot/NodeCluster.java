package io.sluice.node.boot;

import com.typesafe.config.ConfigFactory;
import io.sluice.k8s.peers.PodDiscovery;
import io.sluice.node.settings.ClusterSettings;
import io.sluice.node.settings.ClusterSettings.Discovery;
import io.sluice.state.circuit.SharedCircuits;
import io.sluice.state.document.SharedDocument;
import io.sluice.state.health.ClusterHealth;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.crdt.ClusterLimits;
import io.sluice.state.limit.disk.SpendingStore;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.ClusterNodeSettings;
import io.sluice.state.membership.ClusterStartFailure;
import io.sluice.state.membership.Membership;
import io.sluice.state.membership.Peers;
import io.sluice.state.rollout.SharedRollout;
import io.sluice.state.wire.WireCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's part in a cluster, started beside everything else. A node by itself starts nothing but its limits' threads. */
final class NodeCluster {

    private static final Logger log = LoggerFactory.getLogger(NodeCluster.class);

    /** A node that nobody lets in serves all the same after so long: most requests need no cluster. */
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(20);

    private final CompletableFuture<Membership> membership;
    private final ClusterLimits limits;
    private final SharedCircuits circuits;
    private final SharedRollout rollout;
    private final SharedDocument document;
    private final CompletableFuture<Done> settled;

    private NodeCluster(
            CompletableFuture<Membership> membership,
            ClusterLimits limits,
            SharedCircuits circuits,
            SharedRollout rollout,
            SharedDocument document) {
        this.circuits = circuits;
        this.rollout = rollout;
        this.document = document;
        this.membership = membership;
        this.limits = limits;
        this.settled = limits.ready()
                .toCompletableFuture()
                .orTimeout(JOIN_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(late -> {
                    log.warn("this node is not in a cluster yet: it serves all the same,"
                            + " but limits over all nodes refuse what needs them");
                    return Done.getInstance();
                });
    }

    /**
     * Begins to start it on a thread of its own.
     *
     * @param health which takes part as soon as it is there; not used by a node by itself
     */
    static NodeCluster begin(ClusterSettings settings, CompletableFuture<ClusterHealth> health) {
        CompletableFuture<Membership> membership = new CompletableFuture<>();
        KeyBudget budget = new KeyBudget(KeyBudget.DEFAULT);
        SharedCircuits circuits = new SharedCircuits();
        SharedRollout rollout = new SharedRollout();
        SharedDocument document = new SharedDocument();
        Optional<SpendingStore> store =
                settings.directory().map(directory -> SpendingStore.open(directory, InstantSource.system()));
        if (settings.discovery() == Discovery.NONE) {
            membership.complete(Membership.alone());
            return new NodeCluster(membership, ClusterLimits.alone(budget, store), circuits, rollout, document);
        }
        ClusterLimits limits = ClusterLimits.clustered(budget, store);
        Thread starter = new Thread(
                () -> {
                    try {
                        ClusterHealth shared = health.join();
                        List<WireCodec<?>> codecs = new ArrayList<>(limits.codecs());
                        codecs.addAll(ClusterHealth.codecs());
                        codecs.addAll(SharedCircuits.codecs());
                        codecs.addAll(SharedRollout.codecs());
                        codecs.addAll(SharedDocument.codecs());
                        ClusterNode node = ClusterNode.start(
                                place(settings),
                                codecs,
                                List.of(
                                        limits::spawn,
                                        shared::spawn,
                                        circuits::spawn,
                                        rollout::spawn,
                                        document::spawn));
                        limits.follow(node);
                        shared.follow(node);
                        circuits.follow(node);
                        rollout.follow(node);
                        document.follow(node);
                        membership.complete(node);
                    } catch (ClusterStartFailure | RuntimeException | Error e) {
                        membership.completeExceptionally(e);
                    }
                },
                "sluice-cluster-start");
        starter.setDaemon(true);
        starter.start();
        return new NodeCluster(membership, limits, circuits, rollout, document);
    }

    private static ClusterNodeSettings place(ClusterSettings settings) {
        return new ClusterNodeSettings(
                settings.host(),
                settings.port(),
                Optional.of(settings.managementPort()).filter(port -> port != 0),
                peers(settings),
                settings.newCluster(),
                settings.tls().map(tls -> new ClusterNodeSettings.Tls(tls.certificate(), tls.key(), tls.authority())),
                ConfigFactory.empty());
    }

    private static Peers peers(ClusterSettings settings) {
        return settings.discovery() == Discovery.KUBERNETES
                ? new Peers.Discovered(PodDiscovery.settings(
                        settings.pods().namespace(), settings.pods().selector()))
                : new Peers.Seeds(settings.seeds());
    }

    /**
     * What the node knows of its cluster; waits until the cluster's ports are open.
     *
     * @throws StartFailure if one is taken
     */
    Membership membership() throws StartFailure {
        try {
            return membership.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ClusterStartFailure failure) {
                throw new StartFailure(Main.PORT_TAKEN, List.of(String.valueOf(failure.getMessage())));
            }
            throw e;
        }
    }

    /** The limiters of this node. */
    ClusterLimits limits() {
        return limits;
    }

    /** Which configuration is live on which node. */
    SharedRollout rollout() {
        return rollout;
    }

    /** The configuration itself, for nodes that have none. */
    SharedDocument document() {
        return document;
    }

    /** The circuits of upstreams, as all nodes know them. */
    SharedCircuits circuits() {
        return circuits;
    }

    /** Whether the node is in its cluster and knows what the others know, or has tried for long enough. */
    boolean settled() {
        return settled.isDone();
    }

    /** Hands over and leaves; harmless if it never started. */
    CompletionStage<Done> leave() {
        return membership
                .handle((started, failure) -> started)
                .thenCompose(started -> started instanceof ClusterNode node
                        ? node.stop()
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }
}
