package io.sluice.node.boot;

import io.sluice.node.config.KubernetesSource;
import io.sluice.node.config.document.PackedDocument;
import io.sluice.node.settings.ClusterSettings;
import io.sluice.state.document.SharedDocument;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.rollout.Rollout;
import io.sluice.state.rollout.SharedRollout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For a node that does not hear what the API server knows: serves what most of the other nodes do, until it hears. Also gives them
 * what is live here, for the same.
 */
final class StandIn implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StandIn.class);

    /** Most API servers answer sooner; then nothing is asked of the others. */
    private static final long PATIENCE_SECONDS = 3;

    private static final long BETWEEN_SECONDS = 2;

    private final KubernetesSource source;
    private final SharedRollout rollout;
    private final SharedDocument documents;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "sluice-kubernetes-stand-in");
        made.setDaemon(true);
        return made;
    });

    /** Not to be asked for again. Only on the thread. */
    private String useless = "";

    private StandIn(KubernetesSource source, SharedRollout rollout, SharedDocument documents) {
        this.source = source;
        this.rollout = rollout;
        this.documents = documents;
    }

    /** Whether configurations, which hold keys and passwords, may go between nodes: only where nobody else can read or ask. */
    static boolean isSafe(ClusterSettings cluster) {
        String host = cluster.host();
        return cluster.tls().isPresent() || host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }

    static StandIn start(KubernetesSource source, SharedRollout rollout, SharedDocument documents) {
        StandIn started = new StandIn(source, rollout, documents);
        source.follow(delivered -> {
            if (delivered.live()) {
                documents.keep(
                        delivered.hash(),
                        () -> PackedDocument.pack(delivered.translation().document()));
            }
        });
        ScheduledFuture<?> unused = started.thread.scheduleWithFixedDelay(
                started::look, PATIENCE_SECONDS, BETWEEN_SECONDS, TimeUnit.SECONDS);
        return started;
    }

    private void look() {
        if (source.lacking().isEmpty()) {
            thread.shutdown();
            return;
        }
        try {
            Rollout view = rollout.view();
            Optional<String> hash = mostCommon(view).filter(one -> !one.equals(useless));
            if (hash.isPresent()) {
                documents
                        .fetch(hash.get(), nodes(view, hash.get()))
                        .toCompletableFuture()
                        .join()
                        .ifPresent(packed -> serve(packed, hash.get()));
            }
        } catch (RuntimeException e) { // Thrown on, it would be the last look.
            log.atError().setCause(e).log("the configuration of the other nodes cannot be had");
        }
    }

    private static Optional<String> mostCommon(Rollout view) {
        Map<String, Integer> counts = new TreeMap<>();
        view.live().values().stream()
                .filter(hash -> !hash.equals(GatewayConfig.EMPTY_HASH)) // there is nothing to serve
                .forEach(hash -> counts.merge(hash, 1, Integer::sum));
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static List<Long> nodes(Rollout view, String hash) {
        List<Long> nodes = new ArrayList<>();
        view.live().forEach((node, live) -> {
            if (live.equals(hash)) {
                nodes.add(node);
            }
        });
        nodes.sort(Comparator.naturalOrder());
        return nodes;
    }

    private void serve(byte[] packed, String hash) {
        if (PackedDocument.unpack(packed, hash).map(source::standIn).orElse(false)) {
            rollout.live(hash);
            documents.keep(hash, () -> packed);
            log.atWarn()
                    .addKeyValue("hash", hash)
                    .log(
                            "the kubernetes api is not heard of: the configuration of the other nodes is served until it is");
        } else if (source.lacking().isPresent()) {
            useless = hash;
            log.atWarn().addKeyValue("hash", hash).log("the configuration of the other nodes cannot be used here");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
