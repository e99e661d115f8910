package io.sluice.node.settings;

import io.sluice.node.settings.ClusterSettings.Discovery;
import io.sluice.node.settings.ClusterSettings.PeerTls;
import io.sluice.node.settings.ClusterSettings.Pods;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how the node takes part in a cluster. */
final class ClusterReader {

    private static final String NEITHER = "none, seeds or kubernetes";

    private ClusterReader() {}

    static ClusterSettings read(Values values) {
        values.text("cluster_discovery");
        Discovery discovery = values.parsed("cluster_discovery", ClusterReader::discovery);
        List<String> seeds = values.list("cluster_seeds", ClusterReader::seed);
        int port = values.whole("cluster_port", 0, 65535);
        if (discovery == Discovery.SEEDS && seeds.isEmpty()) {
            values.refuse("cluster_discovery", "seeds without cluster_seeds (expected: host:port, host:port)");
        }
        if (discovery != Discovery.NONE && port == 0) {
            values.refuse("cluster_port", "0 (expected: a port that the other nodes know)");
        }
        int managementPort = values.whole("management_port", 0, 65535);
        if (discovery == Discovery.KUBERNETES) {
            checkPod(values, managementPort);
        }
        return new ClusterSettings(
                host(values),
                port,
                managementPort,
                discovery,
                seeds,
                new Pods(values.text("cluster_namespace"), values.text("cluster_selector")),
                values.flag("cluster_new"),
                tls(values),
                values.optional("data_dir").map(Path::of));
    }

    /** What the defaults, made for one machine, cannot be right for. */
    private static void checkPod(Values values, int managementPort) {
        if (managementPort == 0) {
            values.refuse("management_port", "0 (expected: the port named management of the pods)");
        }
        if (!values.isGiven("cluster_host")) {
            values.refuse(
                    "cluster_discovery", "kubernetes without cluster_host (expected: the pod's IP, status.podIP)");
        }
    }

    private static Discovery discovery(String text) {
        return Stream.of(Discovery.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(NEITHER));
    }

    private static String host(Values values) {
        values.text("cluster_host");
        return values.parsed("cluster_host", text -> {
            if (text.equals("0.0.0.0") || text.equals("::") || text.contains("/") || text.contains(" ")) {
                throw new IllegalArgumentException("the one address or name that other nodes reach this one at");
            }
            return text;
        });
    }

    private static String seed(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("host:port, host:port");
        }
        Values.number(text.substring(colon + 1), 1, 65535);
        return text;
    }

    private static Optional<PeerTls> tls(Values values) {
        List<String> keys = List.of("cluster_cert", "cluster_cert_key", "cluster_ca_cert");
        List<String> missing = keys.stream().filter(key -> !values.isGiven(key)).toList();
        List<List<Path>> files = List.of(
                values.files("cluster_cert", ""),
                values.files("cluster_cert_key", ""),
                values.files("cluster_ca_cert", ""));
        if (missing.size() == keys.size()) {
            return Optional.empty();
        }
        if (!missing.isEmpty()) {
            String given = keys.stream().filter(values::isGiven).findFirst().orElseThrow();
            values.refuse(given, "set without " + String.join(" and ", missing) + " (expected: all three)");
            return Optional.empty();
        }
        if (files.stream().anyMatch(List::isEmpty)) {
            return Optional.empty(); // Refused already.
        }
        values.parsed("cluster_cert", text -> text.isEmpty() ? "" : rsa(Path.of(text)));
        values.parsed("cluster_cert_key", text -> text.isEmpty() ? "" : plainKey(Path.of(text)));
        return Optional.of(new PeerTls(
                files.get(0).get(0), files.get(1).get(0), files.get(2).get(0)));
    }

    /** Pekko's provider takes no other keys; it would say so only when the first peer connects. */
    private static String rsa(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String algorithm = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getAlgorithm();
            if (algorithm.equals("RSA")) {
                return algorithm;
            }
            throw new IllegalArgumentException("a certificate with an RSA key, not " + algorithm);
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("a PEM file with a certificate", e);
        }
    }

    private static String plainKey(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (text.contains("-----BEGIN RSA PRIVATE KEY-----") || text.contains("-----BEGIN PRIVATE KEY-----")) {
                return "";
            }
            throw new IllegalArgumentException("a PEM file with an RSA key that is not encrypted");
        } catch (IOException e) {
            throw new IllegalArgumentException("a PEM file with an RSA key", e);
        }
    }
}
