package io.sluice.node.proxy;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Small configurations for tests. */
public final class Configs {

    private Configs() {}

    /** The id that a name stands for. */
    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** One service and a route for every path to it, nothing stripped. */
    public static GatewayConfig to(int port) {
        return of(List.of(service("s", port)), List.of(route("r", "s", "/")), List.of());
    }

    public static GatewayConfig of(List<Service> services, List<Route> routes, List<PluginConfig> plugins) {
        return new GatewayConfig(
                "f".repeat(32),
                services,
                routes,
                List.of(),
                List.of(),
                List.of(),
                plugins,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** A service on loopback with two retries and generous timeouts. */
    public static Service service(String name, int port) {
        return service(name, port, null, 2, 5_000);
    }

    public static Service service(String name, int port, String path, int retries, int timeoutMillis) {
        return new Service(
                id(name),
                name,
                Protocol.HTTP,
                "127.0.0.1",
                port,
                path,
                retries,
                timeoutMillis,
                timeoutMillis,
                timeoutMillis,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0);
    }

    /** The service, spoken to otherwise. */
    public static Service speaking(Service service, Protocol protocol) {
        return new Service(
                service.id(),
                service.name(),
                protocol,
                service.host(),
                service.port(),
                service.path(),
                service.retries(),
                service.connectTimeout(),
                service.writeTimeout(),
                service.readTimeout(),
                service.clientCertificate(),
                service.tlsVerify(),
                service.tlsVerifyDepth(),
                service.caCertificates(),
                service.enabled(),
                service.tags(),
                service.createdAt(),
                service.updatedAt());
    }

    /** The route, for these protocols only. */
    public static Route matching(Route route, Set<Protocol> protocols) {
        return new Route(
                route.id(),
                route.name(),
                route.service(),
                protocols,
                route.methods(),
                route.hosts(),
                route.paths(),
                route.headers(),
                route.snis(),
                route.sources(),
                route.destinations(),
                route.regexPriority(),
                route.stripPath(),
                route.pathHandling(),
                route.preserveHost(),
                route.httpsRedirectStatusCode(),
                route.requestBuffering(),
                route.responseBuffering(),
                route.tags(),
                route.createdAt(),
                route.updatedAt());
    }

    /** A route by path prefixes that keeps the path. */
    public static Route route(String name, String service, String... paths) {
        return new Route(
                id(name),
                name,
                service == null ? null : id(service),
                Set.of(Protocol.HTTP, Protocol.HTTPS),
                List.of(),
                List.of(),
                List.of(paths),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                Route.PathHandling.V0,
                false,
                426,
                true,
                true,
                List.of(),
                0,
                0);
    }

    /** A global plugin without settings. */
    public static PluginConfig plugin(String name, Map<String, Object> settings) {
        return new PluginConfig(
                id("plugin " + name),
                name,
                null,
                settings,
                true,
                Set.of(Protocol.HTTP),
                null,
                null,
                null,
                null,
                List.of(),
                0,
                0);
    }

    /** The configuration with more plugins. */
    public static GatewayConfig with(GatewayConfig config, PluginConfig... plugins) {
        List<PluginConfig> all = new ArrayList<>(config.plugins());
        all.addAll(List.of(plugins));
        return of(config.services(), config.routes(), all);
    }

    /** The configuration with every service changed. */
    public static GatewayConfig services(GatewayConfig config, UnaryOperator<Service> change) {
        return of(config.services().stream().map(change).toList(), config.routes(), config.plugins());
    }
}
