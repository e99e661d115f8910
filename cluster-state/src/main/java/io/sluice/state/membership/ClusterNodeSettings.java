package io.sluice.state.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a node takes part in a cluster of several.
 *
 * @param host address that other nodes reach this one at, and that it listens on
 * @param port its cluster port
 * @param managementPort port of Pekko Management; empty for none
 * @param seeds {@code host:port} of cluster ports, at least one; the first one founds the cluster if no other answers
 * @param tls empty for plain TCP
 * @param more HOCON laid over {@code sluice.cluster}
 */
public record ClusterNodeSettings(
        String host, int port, Optional<Integer> managementPort, List<String> seeds, Optional<Tls> tls, Config more) {

    /**
     * PEM files of an RSA key, its certificate and the one authority that both sides' certificates are verified by. Read again every few
     * minutes: replaced files are taken up without a restart. Peers must share a name (CN or a subject alternative name).
     */
    public record Tls(Path certificate, Path key, Path authority) {}

    public ClusterNodeSettings {
        seeds = List.copyOf(seeds);
    }

    /** Settings without anything laid over the defaults. */
    public ClusterNodeSettings(
            String host, int port, Optional<Integer> managementPort, List<String> seeds, Optional<Tls> tls) {
        this(host, port, managementPort, seeds, tls, ConfigFactory.empty());
    }

    String address() {
        return host + ":" + port;
    }

    /** Those a node asks to let it in: never itself, unless it may found the cluster; then it comes first, as Pekko wants it. */
    List<String> contacts(List<String> knownMembers) {
        var contacts = new LinkedHashSet<String>();
        if (mayFound()) {
            contacts.add(address());
        }
        contacts.addAll(seeds);
        contacts.addAll(knownMembers);
        if (!mayFound()) {
            contacts.remove(address());
        }
        return List.copyOf(contacts);
    }

    boolean mayFound() {
        return seeds.get(0).equals(address());
    }
}
