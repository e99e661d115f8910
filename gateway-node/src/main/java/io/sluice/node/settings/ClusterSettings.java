package io.sluice.node.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the node takes part in a cluster.
 *
 * @param host address that other nodes reach this one at
 * @param port its cluster port
 * @param managementPort port of Pekko Management, 0 for none
 * @param seeds {@code host:port} of cluster ports, for {@link Discovery#SEEDS}
 * @param pods which pods are nodes, for {@link Discovery#KUBERNETES}
 * @param newCluster whether the node may found a cluster where it finds none
 * @param tls empty for plain TCP between nodes
 * @param directory where durable state lives; empty for memory only
 */
public record ClusterSettings(
        String host,
        int port,
        int managementPort,
        Discovery discovery,
        List<String> seeds,
        Pods pods,
        boolean newCluster,
        Optional<PeerTls> tls,
        Optional<Path> directory) {

    /** PEM files of this node's RSA certificate for other nodes, its key, and the one authority that both sides are verified by. */
    public record PeerTls(Path certificate, Path key, Path authority) {}

    /** How nodes find each other. */
    public enum Discovery {
        /** A cluster of one. */
        NONE,
        SEEDS,
        /** By the pods that run, as the Kubernetes API lists them. */
        KUBERNETES
    }

    /**
     * Which pods are nodes of this cluster.
     *
     * @param namespace empty for that of this node's pod
     * @param selector labels, as the Kubernetes API takes them
     */
    public record Pods(String namespace, String selector) {}
}
