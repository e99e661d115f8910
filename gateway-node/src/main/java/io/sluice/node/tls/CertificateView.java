package io.sluice.node.tls;

import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.Sni;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one configuration by the server names that they are shown for. Immutable; any thread.
 *
 * <p>A name is looked up as it is, then with its first label as a wildcard ({@code *.example.com}), then with its last one
 * ({@code www.example.*}), then {@code *}.
 */
public final class CertificateView {

    /** Without certificates. */
    public static final CertificateView EMPTY = new CertificateView(Map.of(), List.of(), List.of());

    private static final String ANY = "*";

    private final Map<String, Shown> byName;
    private final List<Shown> all;
    private final List<Problem> problems;

    private CertificateView(Map<String, Shown> byName, List<Shown> all, List<Problem> problems) {
        this.byName = Map.copyOf(byName);
        this.all = List.copyOf(all);
        this.problems = List.copyOf(problems);
    }

    /** Reads a certificate chain and its key; may give the same object for the same texts. */
    @FunctionalInterface
    public interface PairReader {
        CertifiedKey read(String certificates, String key) throws GeneralSecurityException;
    }

    /**
     * A certificate that can be shown.
     *
     * @param id of the entity
     * @param pairs at least one; a second one has a key of another type
     * @param names server names that lead to it
     */
    public record Shown(UUID id, List<CertifiedKey> pairs, List<String> names) {}

    /** The certificates of a configuration; those that cannot be used become problems and leave the others alone. */
    public static CertificateView of(GatewayConfig config, PairReader reader) {
        Map<UUID, List<String>> names = new HashMap<>();
        for (Sni sni : config.snis()) {
            names.computeIfAbsent(sni.certificate(), id -> new ArrayList<>()).add(ServerName.canonical(sni.name()));
        }
        Map<String, Shown> byName = new HashMap<>();
        List<Shown> all = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Certificate certificate : config.certificates()) {
            List<CertifiedKey> pairs = pairs(certificate, reader, problems);
            if (!pairs.isEmpty()) {
                Shown shown = new Shown(certificate.id(), pairs, names.getOrDefault(certificate.id(), List.of()));
                all.add(shown);
                shown.names().forEach(name -> byName.put(name, shown));
            }
        }
        return new CertificateView(byName, all, problems);
    }

    private static List<CertifiedKey> pairs(Certificate certificate, PairReader reader, List<Problem> problems) {
        List<CertifiedKey> pairs = new ArrayList<>();
        add(certificate, "key", certificate.cert(), certificate.key(), reader, pairs, problems);
        String second = certificate.certAlt();
        String secondKey = certificate.keyAlt();
        if (second != null && secondKey != null) {
            add(certificate, "key_alt", second, secondKey, reader, pairs, problems);
        }
        return List.copyOf(pairs);
    }

    private static void add(
            Certificate certificate,
            String field,
            String chain,
            String key,
            PairReader reader,
            List<CertifiedKey> pairs,
            List<Problem> problems) {
        try {
            pairs.add(reader.read(chain, key));
        } catch (GeneralSecurityException e) {
            String reason = e.getMessage() == null ? "cannot be read" : e.getMessage();
            problems.add(new Problem(
                    "certificate '" + certificate.id() + "'",
                    field,
                    reason + " (expected: a certificate in PEM and its unencrypted key); it is not shown to anybody"));
        }
    }

    /**
     * The certificate for a server name.
     *
     * @param name canonical, see {@link ServerName}
     * @return null if the configuration has none for it
     */
    public @Nullable Shown find(String name) {
        if (byName.isEmpty()) {
            return null;
        }
        Shown own = findOwn(name);
        return own != null ? own : byName.get(ANY);
    }

    /** As {@link #find}, without the one that is shown for every name. */
    public @Nullable Shown findOwn(String name) {
        Shown exact = byName.get(name);
        if (exact != null || byName.isEmpty()) {
            return exact;
        }
        int first = name.indexOf('.');
        if (first < 0) {
            return null;
        }
        Shown leading = byName.get("*" + name.substring(first));
        return leading != null ? leading : byName.get(name.substring(0, name.lastIndexOf('.') + 1) + "*");
    }

    /** Whether it has no certificate that could be shown. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Every certificate that can be used, also those that no name leads to. */
    public List<Shown> all() {
        return all;
    }

    /** What cannot be used, and why. */
    public List<Problem> problems() {
        return problems;
    }
}
