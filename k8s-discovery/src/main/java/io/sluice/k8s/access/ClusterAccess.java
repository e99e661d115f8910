package io.sluice.k8s.access;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Opens the one client that everything about Kubernetes goes through. Tokens of service accounts and of kubeconfigs are read again
 * every minute and whenever the server does not take one, so that they may rotate.
 */
public final class ClusterAccess {

    /** Longer than any name: the server takes requests of three megabytes. */
    private static final int NAME = 16 << 20;

    /** Deeper than any object: the server's own parser takes 10,000 levels, and notes who set which of them somewhat deeper. */
    private static final int LEVELS = 20_000;

    private ClusterAccess() {}

    /**
     * A client; nothing is asked of the server yet. Thread-safe; close it when the node stops. Requests fail once, after at most
     * ten seconds: whoever asks decides whether to ask again. A watch ends with its connection for the same reason.
     *
     * @throws IllegalArgumentException if the kubeconfig cannot be used
     */
    public static KubernetesClient open(AccessSettings settings) {
        Config config = settings.kubeconfig().map(ClusterAccess::of).orElseGet(() -> Config.autoConfigure(null));
        settings.server().ifPresent(server -> config.setMasterUrl(server.toString()));
        config.setRequestRetryBackoffLimit(0);
        config.setWatchReconnectLimit(0);
        config.setUserAgent("sluice");
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withTaskExecutorSupplier(new Threads())
                .withKubernetesSerialization(new KubernetesSerialization(parser(), true))
                .build();
    }

    /**
     * Takes all that the server takes: an object that cannot be parsed would hide the whole list that it is in, or end each watch that
     * comes to it. Whether an object makes sense is found out one by one.
     */
    private static JsonMapper parser() {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(LEVELS)
                .maxNameLength(NAME)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .build();
    }

    private static Config of(Path kubeconfig) {
        if (!Files.isReadable(kubeconfig)) {
            throw new IllegalArgumentException(kubeconfig + " (expected: a readable kubeconfig)");
        }
        Config config;
        try {
            config = Config.fromKubeconfig(kubeconfig.toFile());
        } catch (RuntimeException e) { // the client's own, or its parser's
            throw new IllegalArgumentException(kubeconfig + " (expected: a kubeconfig)", e);
        }
        if (config.getCurrentContext() == null) {
            throw new IllegalArgumentException(kubeconfig + " (expected: a kubeconfig with a current-context)");
        }
        return config;
    }

    /** Threads that come and go, and never keep the process alive. */
    private static final class Threads implements KubernetesClientBuilder.ExecutorSupplier {

        private final ExecutorService executor = Executors.newCachedThreadPool(named());

        private static ThreadFactory named() {
            AtomicInteger count = new AtomicInteger();
            return task -> {
                Thread thread = new Thread(task, "sluice-kubernetes-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            };
        }

        @Override
        public Executor get() {
            return executor;
        }

        @Override
        public void onClose(Executor closed) {
            executor.shutdownNow();
        }
    }
}
