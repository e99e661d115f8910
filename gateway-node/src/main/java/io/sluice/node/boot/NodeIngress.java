package io.sluice.node.boot;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import io.sluice.k8s.status.Reach;
import io.sluice.k8s.status.StatusSettings;
import io.sluice.k8s.status.StatusSettings.NamespacedName;
import io.sluice.k8s.status.StatusSources;
import io.sluice.k8s.status.StatusWriter;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Rehearsal;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.k8s.watch.WatchSettings;
import io.sluice.node.config.KubernetesSource;
import io.sluice.node.config.document.KubernetesRules;
import io.sluice.node.settings.IngressSettings;
import io.sluice.state.document.SharedDocument;
import io.sluice.state.membership.Membership;
import io.sluice.state.rollout.Rollout;
import io.sluice.state.rollout.SharedRollout;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The node as its own ingress controller: the client for the Kubernetes API and the configuration that comes from there. */
final class NodeIngress implements AutoCloseable {

    private final KubernetesClient client;
    private final KubernetesSource source;

    private volatile @Nullable StatusWriter writer;
    private volatile @Nullable StandIn standIn;

    private NodeIngress(KubernetesClient client, KubernetesSource source) {
        this.client = client;
        this.source = source;
    }

    /** Prepares it on a thread of its own, since the client's classes are many; nothing is asked of the API yet. */
    static FutureTask<NodeIngress> begin(IngressSettings settings, ConfigCheck check) {
        FutureTask<NodeIngress> task = new FutureTask<>(() -> prepare(settings, check));
        Thread thread = new Thread(task, "sluice-kubernetes-client");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /**
     * Waits for what was begun.
     *
     * @throws StartFailure if the kubeconfig cannot be used
     */
    static NodeIngress of(FutureTask<NodeIngress> begun) throws StartFailure {
        try {
            return begun.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("there is no client for Kubernetes", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    private static NodeIngress prepare(IngressSettings settings, ConfigCheck check) throws StartFailure {
        KubernetesClient client;
        try {
            client = ClusterAccess.open(new AccessSettings(settings.server(), settings.kubeconfig()));
        } catch (IllegalArgumentException e) {
            throw StartFailure.wrong("kubeconfig: " + e.getMessage());
        }
        TranslationSettings translation = new TranslationSettings(settings.ingressClass(), settings.clusterDomain());
        Translator translator = new Translator(translation, new KubernetesRules(check.entities()));
        WatchSettings watch = WatchSettings.of(settings.namespaces());
        Rehearsal rehearsal = new Rehearsal(translator, translation);
        return new NodeIngress(client, new KubernetesSource(client, watch, new LastGood(translator), rehearsal));
    }

    /** Where the configuration comes from, and who else is told of it. */
    KubernetesSource source() {
        return source;
    }

    /** Whoever else needs the API. */
    KubernetesClient client() {
        return client;
    }

    /**
     * Tells the cluster what is live here, and writes the status of objects while this node leads it; from now on.
     *
     * @param pod this node's own, if it is in one
     */
    void writeStatus(
            IngressSettings settings,
            Optional<NamespacedName> pod,
            Membership membership,
            SharedRollout rollout,
            InstantSource clock) {
        StatusSources sources = new StatusSources(membership::leads, () -> reach(rollout.view()), source::status);
        StatusSettings what = new StatusSettings(
                settings.ingressClass(),
                settings.publishService().map(NodeIngress::named),
                settings.publishAddresses(),
                settings.writesPerSecond(),
                settings.writesAtOnce(),
                pod);
        StatusWriter started = StatusWriter.start(client, what, sources, clock);
        writer = started;
        source.follow(delivered -> {
            rollout.live(delivered.hash());
            started.delivered(delivered);
        });
    }

    /** Gives other nodes what is live here, and takes it from them while the API server is away; from now on. */
    void share(SharedRollout rollout, SharedDocument documents) {
        standIn = StandIn.start(source, rollout, documents);
    }

    private static Reach reach(Rollout rollout) {
        return new Reach(rollout.nodes(), rollout.live());
    }

    private static NamespacedName named(String text) {
        int slash = text.indexOf('/');
        return new NamespacedName(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The pod that the node is in, as its manifest tells it. */
    static Optional<NamespacedName> pod(Map<String, String> environment) {
        String namespace = environment.getOrDefault("POD_NAMESPACE", "");
        String name = environment.getOrDefault("POD_NAME", "");
        return namespace.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new NamespacedName(namespace, name));
    }

    @Override
    public void close() {
        StatusWriter started = writer;
        if (started != null) {
            started.close();
        }
        StandIn standing = standIn;
        if (standing != null) {
            standing.close();
        }
        client.close();
    }
}
