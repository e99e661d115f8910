package io.sluice.node.config;

import io.sluice.node.dns.HostResolver;
import io.sluice.node.guard.Guards;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugin.SecretNames;
import io.sluice.node.plugin.TrafficMetrics;
import io.sluice.node.route.RouteMatch;
import io.sluice.node.route.RoutingTable;
import io.sluice.node.tls.CertificateRequests;
import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.node.upstream.Destination;
import io.sluice.node.upstream.Destinations;
import io.sluice.node.upstream.LiveUpstream;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.limit.Limiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import io.sluice.state.model.schema.Settings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration, compiled: everything a request needs, found without a look-up in the configuration itself. Immutable; a
 * request keeps the revision it began with.
 */
public final class Revision {

    private static final Logger LOG = LoggerFactory.getLogger(Revision.class);

    private final GatewayConfig config;
    private final RoutingTable table;
    private final PluginChain global;
    private final PluginChain[] chains;
    private final Destinations.Made destinations;
    private final PluginResources.Uses resources;
    private final SecretNames secretNames;
    private final CertificateView certificates;
    private final CertificateRequests certificateRequests;
    private final Map<UUID, TlsProfile> profiles;
    private final List<Problem> problems;

    private Revision(
            GatewayConfig config,
            Parts parts,
            Destinations.Made destinations,
            RoutingTable table,
            CertificateView certificates,
            ServiceTls servicesTls) {
        this.config = config;
        this.table = table;
        this.resources = parts.resources;
        this.secretNames = SecretNames.with(parts.secretNames);
        PluginChains made = new PluginChains(parts.plugins);
        this.global = made.global();
        this.chains = made.of(table.routes());
        this.destinations = destinations;
        this.certificates = certificates;
        this.certificateRequests = CertificateWishes.of(config, parts.plugins);
        this.profiles = servicesTls.profiles();
        List<Problem> all = new ArrayList<>(certificates.problems());
        all.addAll(servicesTls.problems());
        this.problems = List.copyOf(all);
    }

    /** What a revision is made with; the same for every revision of a node. */
    public record Compiler(
            PluginRegistry plugins,
            RouterFlavor flavor,
            HostResolver resolver,
            Guards guards,
            UpstreamHealth health,
            PluginResources resources,
            ScheduledExecutorService background,
            InstantSource clock,
            Limiters limiters,
            TrafficMetrics metrics,
            UpstreamTrust trust) {

        /** With Kong's defaults for TLS to upstreams. */
        public Compiler(
                PluginRegistry plugins,
                RouterFlavor flavor,
                HostResolver resolver,
                Guards guards,
                UpstreamHealth health,
                PluginResources resources,
                ScheduledExecutorService background,
                InstantSource clock,
                Limiters limiters,
                TrafficMetrics metrics) {
            this(
                    plugins,
                    flavor,
                    resolver,
                    guards,
                    health,
                    resources,
                    background,
                    clock,
                    limiters,
                    metrics,
                    UpstreamTrust.DEFAULT);
        }

        /**
         * Compiles a configuration; takes its time, so call it off the event loops.
         *
         * @throws IllegalArgumentException if a plugin cannot be made from its settings; the message names it
         */
        public Revision compile(GatewayConfig config) {
            Map<UUID, Service> services = new HashMap<>();
            config.services().forEach(service -> services.put(service.id(), service));
            Parts parts = new Parts(this, config);
            boolean made = false;
            try {
                parts.addPlugins();
                var destinations = Destinations.of(config, resolver, guards, health, parts.resources::use);
                RoutingTable table = RoutingTable.build(config.routes(), services, flavor);
                table.problems().forEach(Compiler::tell);
                CertificateView certificates = CertificateView.of(config, new KeptPairs(parts.resources::use));
                ServiceTls servicesTls = ServiceTls.of(config, trust, parts.resources::use);
                Revision revision = new Revision(config, parts, destinations, table, certificates, servicesTls);
                made = true;
                return revision;
            } finally {
                if (!made) {
                    parts.resources.release();
                }
            }
        }

        private static void tell(Problem problem) {
            LOG.atWarn().addKeyValue("about", problem).log("a route cannot be served");
        }
    }

    public GatewayConfig config() {
        return config;
    }

    public RoutingTable table() {
        return table;
    }

    /** The plugins of requests that match no route. */
    public PluginChain globalChain() {
        return global;
    }

    /** The plugins of a matched route. */
    public PluginChain chain(RouteMatch match) {
        return chains[match.ordinal()];
    }

    /** Where requests of a service go. */
    public Destination destination(Service service) {
        Destination destination = destinations.byService().get(service.id());
        if (destination == null) {
            throw new IllegalStateException("service " + service.id() + " is not of this revision");
        }
        return destination;
    }

    /** What is shown to clients over TLS. */
    public CertificateView certificates() {
        return certificates;
    }

    /** Which clients are asked for a certificate. */
    public CertificateRequests certificateRequests() {
        return certificateRequests;
    }

    /** How TLS is spoken to a service's upstreams; null if it is not. */
    public @Nullable TlsProfile tls(Service service) {
        return profiles.get(service.id());
    }

    /** Whether requests can be sent to a service: its protocol is spoken and its certificates can be used. */
    public boolean speaks(Service service) {
        return switch (service.protocol()) {
            case HTTP, WS, GRPC -> true;
            case HTTPS, WSS, GRPCS -> profiles.containsKey(service.id());
            default -> false;
        };
    }

    /** What of it cannot be used; all else is. */
    public List<Problem> problems() {
        return problems;
    }

    /** Its upstreams, for their health to be looked after while it is in use. */
    public List<LiveUpstream> upstreams() {
        return destinations.upstreams();
    }

    /** Gives back what plugins keep for it; call it when no request runs on it any more. A second call does nothing. */
    public void release() {
        resources.release();
    }

    /** What this configuration's requests carry that logs must not show. */
    public SecretNames secretNames() {
        return secretNames;
    }

    /** Collects the parts while a revision is made. */
    private static final class Parts {
        private final Compiler compiler;
        private final GatewayConfig config;
        private final List<BoundPlugin> plugins = new ArrayList<>();
        private final PluginResources.Uses resources;
        private final Set<String> secretNames = new HashSet<>();
        private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>();

        Parts(Compiler compiler, GatewayConfig config) {
            this.compiler = compiler;
            this.config = config;
            this.resources = compiler.resources.uses();
        }

        void addPlugins() {
            for (PluginConfig one : config.plugins()) {
                Optional<PluginFactory> factory = compiler.plugins.find(one.name());
                if (one.enabled() && factory.isPresent()) {
                    plugins.add(new BoundPlugin(make(factory.get(), one), factory.get(), one));
                    secretNames.addAll(factory.get().secretNames(new Settings(one.config())));
                }
            }
        }

        private Plugin make(PluginFactory factory, PluginConfig one) {
            try {
                return factory.create(new Settings(one.config()), new Context(one));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "plugin '" + one.name() + "' (" + one.id() + "): " + e.getMessage(), e);
            }
        }

        private final class Context implements PluginContext {
            private final PluginConfig plugin;

            Context(PluginConfig plugin) {
                this.plugin = plugin;
            }

            @Override
            public GatewayConfig config() {
                return config;
            }

            @Override
            public PluginConfig plugin() {
                return plugin;
            }

            @Override
            public <T> T derived(Class<T> type, Function<GatewayConfig, T> build) {
                Object value = derived.get(type);
                if (value == null) {
                    value = build.apply(config);
                    derived.put(type, value);
                }
                return type.cast(value);
            }

            @Override
            public <T extends AutoCloseable> T resource(Object key, Supplier<T> open) {
                return resources.use(key, open);
            }

            @Override
            public ScheduledExecutorService background() {
                return compiler.background;
            }

            @Override
            public InstantSource clock() {
                return compiler.clock;
            }

            @Override
            public Limiters limiters() {
                return compiler.limiters;
            }

            @Override
            public TrafficMetrics metrics() {
                return compiler.metrics;
            }
        }
    }
}
