package io.sluice.node.boot;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.settings.ClusterSettings;
import io.sluice.node.settings.ClusterSettings.Discovery;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.ClusterNodeSettings;
import io.sluice.state.membership.ClusterStartFailure;
import io.sluice.state.membership.Membership;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The node's part in a cluster, started beside everything else. A node by itself starts nothing. */
final class NodeCluster {

    private final CompletableFuture<Membership> membership;

    private NodeCluster(CompletableFuture<Membership> membership) {
        this.membership = membership;
    }

    /** Begins to start it on a thread of its own. */
    static NodeCluster begin(ClusterSettings settings) {
        CompletableFuture<Membership> membership = new CompletableFuture<>();
        if (settings.discovery() == Discovery.NONE) {
            membership.complete(Membership.alone());
            return new NodeCluster(membership);
        }
        Thread starter = new Thread(
                () -> {
                    try {
                        membership.complete(ClusterNode.start(place(settings), List.of(), List.of()));
                    } catch (ClusterStartFailure | RuntimeException | Error e) {
                        membership.completeExceptionally(e);
                    }
                },
                "sluice-cluster-start");
        starter.start();
        return new NodeCluster(membership);
    }

    private static ClusterNodeSettings place(ClusterSettings settings) {
        return new ClusterNodeSettings(
                settings.host(),
                settings.port(),
                Optional.of(settings.managementPort()).filter(port -> port != 0),
                settings.seeds(),
                settings.tls().map(tls -> new ClusterNodeSettings.Tls(tls.certificate(), tls.key(), tls.authority())),
                ConfigFactory.empty());
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

    /** Hands over and leaves; harmless if it never started. */
    CompletionStage<Done> leave() {
        return membership
                .handle((started, failure) -> started)
                .thenCompose(started -> started instanceof ClusterNode node
                        ? node.stop()
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }
}
