package io.sluice.state.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.Peers.Discovered;
import io.sluice.state.membership.Peers.Seeds;
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
 * @param peers how it finds the others
 * @param newCluster whether it may found a cluster where it finds none
 * @param tls empty for plain TCP
 * @param more HOCON laid over {@code sluice.cluster}
 */
public record ClusterNodeSettings(
        String host,
        int port,
        Optional<Integer> managementPort,
        Peers peers,
        boolean newCluster,
        Optional<Tls> tls,
        Config more) {

    /**
     * PEM files of an RSA key, its certificate and the one authority that both sides' certificates are verified by. Read again every few
     * minutes: replaced files are taken up without a restart. Peers must share a name (CN or a subject alternative name).
     */
    public record Tls(Path certificate, Path key, Path authority) {}

    public ClusterNodeSettings {
        if (peers instanceof Discovered && managementPort.isEmpty()) {
            throw new IllegalArgumentException("discovered peers without a management port, where they ask each other");
        }
    }

    /** Settings without anything laid over the defaults. */
    public ClusterNodeSettings(
            String host, int port, Optional<Integer> managementPort, Peers peers, Optional<Tls> tls) {
        this(host, port, managementPort, peers, true, tls, ConfigFactory.empty());
    }

    String address() {
        return host + ":" + port;
    }

    /** Those a node asks to let it in: never itself, unless it is the seed that may found the cluster; then it comes first. */
    List<String> contacts(List<String> knownMembers) {
        var contacts = new LinkedHashSet<String>();
        if (foundsAsSeed()) {
            contacts.add(address());
        }
        if (peers instanceof Seeds seeds) {
            contacts.addAll(seeds.addresses());
        }
        contacts.addAll(knownMembers);
        if (!foundsAsSeed()) {
            contacts.remove(address());
        }
        return List.copyOf(contacts);
    }

    boolean foundsAsSeed() {
        return newCluster
                && peers instanceof Seeds seeds
                && seeds.addresses().get(0).equals(address());
    }
}
