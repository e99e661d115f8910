package io.sluice.state.membership;

import io.sluice.state.wire.WireCodecs;
import io.sluice.state.wire.WireFaults;
import io.sluice.state.wire.WireSerializer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** One actor system of the cluster, from its start to the moment it left or was removed. */
final class ClusterRun {

    private final ActorSystem<Void> system;

    private enum Leaving implements CoordinatedShutdown.Reason {
        INSTANCE
    }

    private ClusterRun(ActorSystem<Void> system) {
        this.system = system;
    }

    /**
     * Opens the ports and starts the actors.
     *
     * @param again whether the node was a member before
     * @param parts what runs in it
     */
    static ClusterRun start(
            ClusterNodeSettings settings,
            boolean again,
            WireCodecs codecs,
            WireFaults faults,
            Consumer<ActorSystem<?>> parts)
            throws ClusterStartFailure {
        ClusterRun run = new ClusterRun(open(settings, again, codecs, faults));
        boolean started = false;
        try {
            run.manage(settings);
            parts.accept(run.system);
            started = true;
        } finally {
            if (!started) {
                run.system.terminate();
                run.system.getWhenTerminated().toCompletableFuture().join();
            }
        }
        return run;
    }

    private static ActorSystem<Void> open(
            ClusterNodeSettings settings, boolean again, WireCodecs codecs, WireFaults faults)
            throws ClusterStartFailure {
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(SystemConfig.of(settings, again)), WireSerializer.setup(codecs, faults));
        try {
            return ActorSystem.create(Behaviors.<Void>empty(), ClusterNode.SYSTEM, setup);
        } catch (RuntimeException e) {
            throw failure("cluster_port", settings.host(), settings.port(), e);
        }
    }

    private void manage(ClusterNodeSettings settings) throws ClusterStartFailure {
        if (settings.managementPort().isPresent()) {
            try {
                PekkoManagement.get(system).start().toCompletableFuture().join();
            } catch (CompletionException e) {
                throw failure(
                        "management_port",
                        settings.host(),
                        settings.managementPort().get(),
                        e);
            }
        }
    }

    private static ClusterStartFailure failure(String key, String host, int port, RuntimeException cause) {
        String reason = SystemConfig.bindFailure(cause).orElseThrow(() -> cause);
        return new ClusterStartFailure(
                key,
                key + ": cannot listen on " + host + ":" + port + ": " + reason
                        + " (expected: an address of this machine and a free port)",
                cause);
    }

    /**
     * Asks them in turn to be let in, for as long as it takes, and looks for others if that is how peers are found.
     *
     * @param contacts may be empty for peers that are discovered
     */
    void join(Peers peers, List<String> contacts) {
        if (!contacts.isEmpty()) {
            ask(contacts);
        }
        if (peers instanceof Peers.Discovered) {
            ClusterBootstrap.get(system).start();
        }
    }

    private void ask(List<String> contacts) {
        List<Address> addresses = contacts.stream()
                .map(contact -> AddressFromURIString.parse("pekko://" + ClusterNode.SYSTEM + "@" + contact))
                .toList();
        Cluster.get(system).manager().tell(new JoinSeedNodes(addresses));
    }

    void leave() {
        CoordinatedShutdown.get(system).runAll(Leaving.INSTANCE);
    }

    /**
     * Done when nothing of it runs any more, or some time after it was removed: streams that a peer's nonsense left in disorder
     * can keep an actor system from ever ending.
     */
    CompletionStage<Done> whenEnded(Duration patience) {
        CompletableFuture<Done> ended = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(system)
                .registerOnMemberRemoved(
                        () -> ended.completeOnTimeout(Done.getInstance(), patience.toMillis(), TimeUnit.MILLISECONDS));
        system.getWhenTerminated().thenAccept(ended::complete);
        return ended;
    }
}
