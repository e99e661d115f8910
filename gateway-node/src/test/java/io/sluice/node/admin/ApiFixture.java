package io.sluice.node.admin;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.config.Candidate;
import io.sluice.node.config.Outcome;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.dns.Agenda;
import io.sluice.node.dns.Answer.Missing;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.ResolverTimes;
import io.sluice.node.guard.Guards;
import io.sluice.node.observe.ConnectionGauges;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugins.ratelimiting.ResponseRateLimitingPlugin;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import io.sluice.node.upstream.Destinations;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.limit.KeyView;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.membership.Membership;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** Admin and Status API bound to loopback over a configuration in memory, and a client. */
final class ApiFixture implements AutoCloseable {

    static final UUID NODE = new UUID(9, 9);
    /** The only one with limits over all nodes. */
    static final UUID LIMITED = new UUID(7, 7);

    /** What the configuration is now. */
    volatile GatewayConfig config = ConfigFixture.small();
    /** What loading answers next. */
    volatile Outcome outcome = new Outcome.Unchanged(ConfigFixture.HASH);
    /** What was loaded last. */
    volatile Candidate loaded = new Candidate.Model(GatewayConfig.EMPTY);

    /** More rules with limits over all nodes. */
    volatile Set<UUID> named = Set.of();

    volatile boolean checkedHash;
    volatile String level = "notice";
    volatile Durability durability = Durability.MEMORY_ONLY;

    private final HealthFixture healths = new HealthFixture();
    private final UpstreamHealth health = new UpstreamHealth(healths);
    private final HostResolver resolver = new HostResolver(
            name -> CompletableFuture.completedFuture(new Missing("no such name")),
            Agenda.thread(),
            ResolverTimes.DEFAULT);
    private final Map<Object, Object> kept = new ConcurrentHashMap<>();
    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());
    private final HttpClient client = HttpClient.newHttpClient();
    private final ApiListener admin;
    private final ApiListener status;

    ApiFixture(Map<String, String> variables) throws Exception {
        NodeSettings settings =
                ((ReadSettings.Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
        PluginRegistry plugins = PluginRegistry.of(List.of(new Limit(), new ResponseRateLimitingPlugin.Factory()));
        follow();
        AdminNode node = new AdminNode(
                NODE,
                settings,
                () -> config,
                plugins,
                new EntityCheck(plugins, RouterFlavor.TRADITIONAL_COMPATIBLE, InstantSource.system()),
                () -> "# HELP x\nx 1\n",
                new Gauges(),
                new Readiness(() -> Readiness.lacking(config), () -> true),
                health,
                Membership.alone(),
                (rule, key) -> rule.equals(LIMITED) || named.contains(rule) ? Optional.of(view(key)) : Optional.empty(),
                () -> durability,
                new Level(),
                InstantSource.system());
        AdminApi api = new AdminApi(kit.system(), node, this::load);
        ListenSettings any = new ListenSettings("127.0.0.1", 0, false, false, false, false, 16);
        admin = api.bindAdmin(any, Optional.empty()).toCompletableFuture().get(10, TimeUnit.SECONDS);
        status = api.bindStatus(any, Optional.empty()).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Looks after the upstreams of {@link #config} from now on. */
    void follow() {
        health.follow(Destinations.of(config, resolver, Guards.alone(), health, this::keep)
                .upstreams());
    }

    @SuppressWarnings("unchecked")
    private <T extends AutoCloseable> T keep(Object key, Supplier<T> open) {
        return (T) kept.computeIfAbsent(key, fresh -> open.get());
    }

    /** What the endpoints are told of health, and what they said. */
    HealthFixture healths() {
        return healths;
    }

    private static KeyView view(String key) {
        return new KeyView(
                key.hashCode(),
                Membership.alone().members().self().id(),
                List.of(new KeyView.Position("minute", 20, 12, 13, 1, 8)));
    }

    private CompletionStage<Outcome> load(Candidate candidate, boolean checkHash) {
        loaded = candidate;
        checkedHash = checkHash;
        return CompletableFuture.completedFuture(outcome);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", BodyPublishers.noBody());
    }

    HttpResponse<String> send(String method, String path, String contentType, String body)
            throws IOException, InterruptedException {
        return send(method, path, contentType, BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(String method, String path, String contentType, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(adminUri(path)).method(method, body);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> status(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + status.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> drain() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + status.address().getPort() + "/status/ready");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("status=draining"))
                        .build(),
                BodyHandlers.ofString());
    }

    URI adminUri(String path) {
        return URI.create("http://127.0.0.1:" + admin.address().getPort() + path);
    }

    @Override
    public void close() throws Exception {
        admin.stop(Duration.ofSeconds(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        status.stop(Duration.ofSeconds(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        resolver.close();
        kit.shutdownTestKit();
    }

    private final class Level implements AdminNode.LogLevel {
        @Override
        public String word() {
            return level;
        }

        @Override
        public void change(String word, long seconds) {
            level = word;
        }
    }

    /** Two connections, one of them at work. */
    private static final class Gauges implements ConnectionGauges {
        @Override
        public long accepted() {
            return 7;
        }

        @Override
        public long handled() {
            return 7;
        }

        @Override
        public long requests() {
            return 30;
        }

        @Override
        public long active() {
            return 2;
        }

        @Override
        public long reading() {
            return 0;
        }

        @Override
        public long writing() {
            return 1;
        }

        @Override
        public long waiting() {
            return 1;
        }
    }

    /** A plugin with one number. */
    private static final class Limit implements PluginFactory {
        @Override
        public String name() {
            return "limit";
        }

        @Override
        public int priority() {
            return 910;
        }

        @Override
        public Schema settings() {
            return Schema.of(Field.integer("minute", Rules.greaterThan(0)).defaultsTo(5));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
