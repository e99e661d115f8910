package io.sluice.node.boot;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.access.AccessSettings;
import io.sluice.k8s.access.ClusterAccess;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Translator;
import io.sluice.k8s.translate.draft.TranslationSettings;
import io.sluice.k8s.watch.WatchSettings;
import io.sluice.node.config.KubernetesSource;
import io.sluice.node.config.document.KubernetesRules;
import io.sluice.node.settings.IngressSettings;

/** The node as its own ingress controller: the client for the Kubernetes API and the configuration that comes from there. */
final class NodeIngress implements AutoCloseable {

    private final KubernetesClient client;
    private final KubernetesSource source;

    private NodeIngress(KubernetesClient client, KubernetesSource source) {
        this.client = client;
        this.source = source;
    }

    /**
     * Prepares it; nothing is asked of the API yet.
     *
     * @throws StartFailure if the kubeconfig cannot be used
     */
    static NodeIngress prepare(IngressSettings settings, ConfigCheck check) throws StartFailure {
        KubernetesClient client;
        try {
            client = ClusterAccess.open(new AccessSettings(settings.server(), settings.kubeconfig()));
        } catch (IllegalArgumentException e) {
            throw StartFailure.wrong("kubeconfig: " + e.getMessage());
        }
        Translator translator = new Translator(
                new TranslationSettings(settings.ingressClass(), settings.clusterDomain()),
                new KubernetesRules(check.entities()));
        return new NodeIngress(
                client,
                new KubernetesSource(client, WatchSettings.of(settings.namespaces()), new LastGood(translator)));
    }

    /** Where the configuration comes from, and who else is told of it. */
    KubernetesSource source() {
        return source;
    }

    /** Whoever else needs the API. */
    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
