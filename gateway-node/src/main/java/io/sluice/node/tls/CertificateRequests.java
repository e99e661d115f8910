package io.sluice.node.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which clients a configuration wants to show a certificate, by the server name they ask for. Immutable; any thread.
 */
public final class CertificateRequests {

    /** Nobody is asked. */
    public static final CertificateRequests NONE = new CertificateRequests(List.of());

    private final List<Wish> everywhere = new ArrayList<>();
    private final Map<String, List<Wish>> byName = new HashMap<>();
    private final @Nullable Request anywhere;

    /** @param wishes of all parts of a configuration */
    public CertificateRequests(List<Wish> wishes) {
        for (Wish wish : wishes) {
            if (wish.names().isEmpty()) {
                everywhere.add(wish);
            }
            for (String name : wish.names()) {
                byName.computeIfAbsent(ServerName.canonical(name), key -> new ArrayList<>())
                        .add(wish);
            }
        }
        anywhere = wishes.isEmpty() ? null : merged(wishes);
    }

    /**
     * What one part of a configuration wants.
     *
     * @param names server names as in {@code snis} of routes, with wildcards; empty for every client
     * @param authorities that clients are told; empty if they are not told any
     */
    public record Wish(Set<String> names, List<X509Certificate> authorities) {}

    /** What a client is asked: the authorities that it is told, or none. */
    public record Request(List<X509Certificate> authorities) {}

    /** Whether nobody is asked whatever their server name is. */
    public boolean isEmpty() {
        return anywhere == null;
    }

    /** What a client is asked whose server name could not be found out. */
    public @Nullable Request unnamed() {
        return anywhere;
    }

    /**
     * What a client is asked.
     *
     * @param name canonical, see {@link ServerName}; "" for none
     * @return null if it is not asked
     */
    public @Nullable Request find(String name) {
        List<Wish> all = new ArrayList<>(everywhere);
        if (!byName.isEmpty() && !name.isEmpty()) {
            all.addAll(byName.getOrDefault(name, List.of()));
            int first = name.indexOf('.');
            if (first >= 0) {
                all.addAll(byName.getOrDefault("*" + name.substring(first), List.of()));
                all.addAll(byName.getOrDefault(name.substring(0, name.lastIndexOf('.') + 1) + "*", List.of()));
            }
        }
        return all.isEmpty() ? null : merged(all);
    }

    /**
     * Whether a client that was asked as one server name wants it has been asked for what another one wants, too.
     *
     * @param asked canonical, as {@code other}, see {@link ServerName}
     */
    public boolean covers(String asked, String other) {
        Request wanted = byName.isEmpty() ? null : find(other);
        if (wanted == null) {
            return true; // nothing, or of everybody
        }
        Request told = find(asked);
        return told != null
                && (told.authorities().isEmpty()
                        || !wanted.authorities().isEmpty() && told.authorities().containsAll(wanted.authorities()));
    }

    /** Whoever tells no authorities wants to see certificates of any. */
    private static Request merged(List<Wish> wishes) {
        Set<X509Certificate> told = new LinkedHashSet<>();
        for (Wish wish : wishes) {
            if (wish.authorities().isEmpty()) {
                return new Request(List.of());
            }
            told.addAll(wish.authorities());
        }
        return new Request(List.copyOf(told));
    }
}
