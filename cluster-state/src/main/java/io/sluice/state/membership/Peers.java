package io.sluice.state.membership;

import com.typesafe.config.Config;
import java.util.List;

/** How the nodes of a cluster find each other. */
public sealed interface Peers {

    /**
     * By addresses that everybody was given.
     *
     * @param addresses {@code host:port} of cluster ports, at least one; the first one founds the cluster if no other answers
     */
    record Seeds(List<String> addresses) implements Peers {

        public Seeds {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * By a list of who runs now, asked for again and again until the node is in a cluster. The lowest address founds it, once the list
     * has stayed the same for a while and all of the list, or at last a majority of it, say that they are in none. All nodes have the
     * same cluster port, and Pekko Management.
     *
     * @param system what Pekko is told: the method of its service discovery for {@code pekko.management.cluster.bootstrap}, and what
     *     belongs to that
     */
    record Discovered(Config system) implements Peers {}
}
