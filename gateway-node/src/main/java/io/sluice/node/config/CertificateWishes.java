package io.sluice.node.config;

import io.sluice.node.tls.CertificateRequests;
import io.sluice.node.tls.CertificateRequests.Wish;
import io.sluice.node.tls.PemReader;
import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Route;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which clients a configuration's plugins want to show a certificate: those that ask for a server name of the routes that such
 * a plugin applies to, or everybody if one of these routes takes any name.
 */
final class CertificateWishes {

    private CertificateWishes() {}

    static CertificateRequests of(GatewayConfig config, List<BoundPlugin> plugins) {
        List<Wish> wishes = new ArrayList<>();
        for (BoundPlugin plugin : plugins) {
            List<Route> routes = plugin.clientAuthorities().isPresent() ? routes(config, plugin.config()) : List.of();
            if (!routes.isEmpty()) {
                wishes.add(new Wish(
                        names(routes), told(config, plugin.clientAuthorities().orElse(List.of()))));
            }
        }
        return wishes.isEmpty() ? CertificateRequests.NONE : new CertificateRequests(wishes);
    }

    /** Those that a plugin applies to. */
    private static List<Route> routes(GatewayConfig config, PluginConfig plugin) {
        return config.routes().stream()
                .filter(route -> plugin.route() == null || plugin.route().equals(route.id()))
                .filter(route -> plugin.service() == null || plugin.service().equals(route.service()))
                .toList();
    }

    /** The server names of the routes; empty for any. */
    private static Set<String> names(List<Route> routes) {
        Set<String> names = new HashSet<>();
        for (Route route : routes) {
            if (route.snis().isEmpty()) {
                return Set.of();
            }
            names.addAll(route.snis());
        }
        return names;
    }

    private static List<X509Certificate> told(GatewayConfig config, List<UUID> ids) {
        List<X509Certificate> all = new ArrayList<>();
        for (CaCertificate authority : config.caCertificates()) {
            if (ids.contains(authority.id())) {
                try {
                    all.addAll(PemReader.certificates(authority.cert()));
                } catch (GeneralSecurityException e) {
                    return List.of(); // unreadable, so better no hint than a wrong one
                }
            }
        }
        return List.copyOf(all);
    }
}
