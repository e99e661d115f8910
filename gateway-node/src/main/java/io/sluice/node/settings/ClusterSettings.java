package io.sluice.node.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the node takes part in a cluster.
 *
 * @param host address that other nodes reach this one at
 * @param port its cluster port
 * @param managementPort port of Pekko Management
 * @param seeds {@code host:port} of cluster ports, for {@link Discovery#SEEDS}
 * @param directory where durable state lives; empty for memory only
 */
public record ClusterSettings(
        String host, int port, int managementPort, Discovery discovery, List<String> seeds, Optional<Path> directory) {

    /** How nodes find each other. */
    public enum Discovery {
        /** A cluster of one. */
        NONE,
        SEEDS,
        KUBERNETES
    }
}
