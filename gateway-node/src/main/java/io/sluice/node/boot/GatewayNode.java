package io.sluice.node.boot;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.admin.AdminApi;
import io.sluice.node.admin.AdminNode;
import io.sluice.node.admin.ApiListener;
import io.sluice.node.admin.Readiness;
import io.sluice.node.config.Revision;
import io.sluice.node.guard.Guards;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.observe.ConnectionGauges;
import io.sluice.node.observe.MetricsPage;
import io.sluice.node.observe.TrafficCounters;
import io.sluice.node.proxy.Warmup;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.Version;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.state.health.ClusterHealth;
import io.sluice.state.membership.Membership;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: its actor system, its configuration and everything that listens. */
public final class GatewayNode {

    private static final Logger log = LoggerFactory.getLogger(GatewayNode.class);
    private static final Duration API_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CUT_OFF_PATIENCE = Duration.ofSeconds(1);
    /** Less leaves the first clients waiting for a cold JVM. */
    private static final Duration WARM_UP = Duration.ofMillis(300);

    private final NodeSettings settings;
    private final UUID nodeId;
    private final InstantSource clock = InstantSource.system();
    private final EventLoopGroup loops;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final ConfigCheck check;
    private final NodeHealth health;
    private final Revisions revisions;
    private final NodeConfig<Revision> config;
    private final ConnectionGauges gauges;
    private final TrafficCounters traffic = new TrafficCounters();
    private final Readiness readiness;
    private final NodeCluster cluster;
    private final Guards guards;
    private final List<Edge> edges = new ArrayList<>();
    private final List<ApiListener> adminListeners = new ArrayList<>();
    private final List<ApiListener> statusListeners = new ArrayList<>();
    private volatile Optional<NodeIngress> ingress = Optional.empty();
    private volatile boolean started;

    private GatewayNode(NodeSettings settings, ConfigCheck check, UpstreamTrust trust) {
        this.settings = settings;
        this.nodeId = settings.nodeId().orElseGet(UUID::randomUUID);
        this.check = check;
        CompletableFuture<ClusterHealth> shared = new CompletableFuture<>();
        this.cluster = NodeCluster.begin(settings.cluster(), shared);
        this.guards = GuardCluster.guards(cluster.circuits());
        this.loops = EventLoopGroup.start(settings.eventLoops());
        this.system = ActorSystem.create(
                SpawnProtocol.create(),
                "sluice",
                ConfigFactory.load(loops.dispatchers().withFallback(ConfigFactory.defaultApplication())));
        this.health = NodeHealth.start(settings, trust, system);
        health.shared().guards(() -> GuardCluster.views(guards, cluster.circuits()));
        shared.complete(health.shared());
        this.revisions =
                new Revisions(settings, check.plugins(), traffic, cluster.limits(), guards, health, clock, trust);
        this.config = NodeConfig.start(system, check, revisions);
        this.gauges = new LoopGauges(loops);
        this.readiness = new Readiness(this::lacking, cluster::settled);
        planStop();
    }

    private Optional<String> lacking() {
        return ingress.isPresent()
                ? ingress.get().source().lacking()
                : Readiness.lacking(config.live().declared());
    }

    /**
     * Starts a node; it listens on all its addresses when this returns.
     *
     * @throws StartFailure if the configuration has problems or a port is taken; nothing runs then
     */
    static GatewayNode start(NodeSettings settings) throws StartFailure {
        FutureTask<ApiTls> tls = ApiTls.begin(settings.tls());
        ConfigCheck check = ConfigCheck.of(settings, InstantSource.system());
        Optional<FutureTask<NodeIngress>> ingress = settings.ingress().map(one -> NodeIngress.begin(one, check));
        GatewayNode node = new GatewayNode(settings, check, OwnCertificates.trust(settings.tls()));
        boolean http2 = settings.proxyListen().stream().anyMatch(ListenSettings::http2);
        try (Warmup warmup =
                Warmup.start(node.loops, SystemMaterializer.get(node.system).materializer(), http2)) {
            if (ingress.isPresent()) {
                node.ingress = Optional.of(NodeIngress.of(ingress.get()));
            }
            node.open(tls, warmup);
            node.started = true;
        } finally {
            if (!node.started) {
                node.stop();
                node.awaitEnd();
            }
        }
        node.tellReady();
        return node;
    }

    /** The status listeners come last: whoever is told "ready" finds the proxy open. */
    private void open(FutureTask<ApiTls> certificates, Warmup warmup) throws StartFailure {
        prepareNote();
        readiness.starting(true);
        config.loadFirst(settings);
        ingress.ifPresent(one -> config.follow(one.source()));
        ApiTls tls = ApiTls.of(certificates);
        Membership membership = cluster.membership();
        ingress.ifPresent(one -> one.writeStatus(
                settings.ingress().orElseThrow(),
                NodeIngress.pod(System.getenv()),
                membership,
                cluster.rollout(),
                clock));
        ingress.filter(one -> StandIn.isSafe(settings.cluster()))
                .ifPresent(one -> one.share(cluster.rollout(), cluster.document()));
        AdminApi api = adminApi(membership);
        bind("admin_listen", settings.adminListen(), tls, api::bindAdmin, adminListeners);
        bind("status_listen", settings.statusListen(), tls, api::bindStatus, statusListeners);
        warmup.finish(WARM_UP);
        edges.add(ProxyEdge.start(settings, loops, system, config.live()::revision, tls.proxy()));
        try {
            PidFile.write(settings.prefix(), statusUrl());
        } catch (IOException e) {
            throw unusablePrefix(e);
        }
        readiness.starting(false);
    }

    private void prepareNote() throws StartFailure {
        Optional<PidFile> another = PidFile.another(settings.prefix());
        if (another.isPresent()) {
            throw StartFailure.wrong("prefix: " + settings.prefix() + ": a node runs there already, process "
                    + another.get().process() + " (expected: a folder of its own)");
        }
        try {
            PidFile.prepare(settings.prefix());
        } catch (IOException e) {
            throw unusablePrefix(e);
        }
    }

    private StartFailure unusablePrefix(IOException cause) {
        return StartFailure.wrong("prefix: " + settings.prefix() + ": " + cause.getMessage()
                + " (expected: a folder that can be written to)");
    }

    private AdminApi adminApi(Membership membership) {
        MetricsPage metrics = new MetricsPage(
                nodeId.toString(),
                Version.KONG,
                gauges,
                health::targets,
                () -> 0,
                () -> 0,
                traffic,
                cluster.limits()::counts,
                health.events(),
                guards::all,
                revisions.certificates(),
                revisions::nameFailures);
        AdminNode node = new AdminNode(
                nodeId,
                settings,
                config.live()::declared,
                check.plugins(),
                check.entities(),
                () -> new String(metrics.render(), StandardCharsets.UTF_8),
                gauges,
                readiness,
                health.upstreams(),
                membership,
                cluster.limits()::view,
                cluster.limits()::durability,
                new RunningLogLevel(system, settings.logs().level()),
                clock);
        return new AdminApi(system, node, config);
    }

    private static void bind(
            String key,
            List<ListenSettings> addresses,
            ApiTls tls,
            BiFunction<ListenSettings, Optional<SSLContext>, CompletionStage<ApiListener>> bind,
            List<ApiListener> bound)
            throws StartFailure {
        List<CompletionStage<ApiListener>> begun = addresses.stream()
                .map(address -> bind.apply(address, Optional.of(tls.context())))
                .toList();
        StartFailure failure = null;
        for (int i = 0; i < begun.size(); i++) {
            try {
                bound.add(begun.get(i).toCompletableFuture().join());
            } catch (CompletionException e) {
                failure = failure == null ? taken(key, addresses.get(i), e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The failure for an address that could not be bound; whatever else went wrong is a bug and thrown as it is. */
    static StartFailure taken(String key, ListenSettings address, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new StartFailure(
                        Main.PORT_TAKEN,
                        List.of(key + ": cannot listen on " + address.host() + ":" + address.port() + ": "
                                + cause.getMessage() + " (expected: an address of this machine and a free port)"));
            }
        }
        throw new IllegalStateException("cannot listen on " + address.host() + ":" + address.port(), failure);
    }

    /** Readiness first, then traffic, then the cluster, then what looks into the node, at last the actor system. */
    private void planStop() {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "not-ready", () -> {
            if (started) {
                log.info("the node is asked to stop");
            }
            readiness.drain();
            return after(settings.stop().delay());
        });
        shutdown.addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), "drain-edges", this::drain);
        // Only now: running requests may still need what this node owns in the cluster.
        shutdown.addTask(CoordinatedShutdown.PhaseServiceStop(), "leave-cluster", cluster::leave);
        shutdown.addTask(
                CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                "close-edges",
                () -> CompletableFuture.supplyAsync(() -> {
                    edges.forEach(Edge::close);
                    return Done.getInstance();
                }));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "stop-apis", () -> {
            List<ApiListener> apis = new ArrayList<>(adminListeners);
            apis.addAll(statusListeners);
            return all(apis.stream().map(api -> api.stop(API_PATIENCE)).toList());
        });
    }

    /** Waits for running requests as long as is set, then ends what is left. */
    private CompletionStage<Done> drain() {
        CompletableFuture<Done> drained = all(edges.stream().map(Edge::drain).toList());
        return within(settings.stop().timeout(), drained).thenCompose(waited -> {
            edges.forEach(Edge::cutOff);
            return within(CUT_OFF_PATIENCE, drained);
        });
    }

    private static CompletableFuture<Done> within(Duration limit, CompletableFuture<Done> stage) {
        return stage.copy().completeOnTimeout(Done.getInstance(), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<Done> after(Duration delay) {
        CompletableFuture<Done> done = new CompletableFuture<>();
        return delay.isZero()
                ? CompletableFuture.completedFuture(Done.getInstance())
                : done.completeOnTimeout(Done.getInstance(), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<Done> all(List<? extends CompletionStage<?>> stages) {
        CompletableFuture<?>[] futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(futures).thenApply(nothing -> Done.getInstance());
    }

    /** Ends the node in order: not ready, drained, closed. Done when all has ended; asking twice is harmless. */
    public CompletionStage<Void> stop() {
        return CoordinatedShutdown.get(system).runAll(Stopped.INSTANCE).thenAccept(done -> {
            ingress.ifPresent(NodeIngress::close);
            config.close();
            revisions.close();
            cluster.limits().close();
            loops.close();
            PidFile.remove(settings.prefix());
        });
    }

    private enum Stopped implements CoordinatedShutdown.Reason {
        INSTANCE
    }

    /** Waits until the node has ended. */
    void awaitEnd() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private void tellReady() {
        long jvm = ManagementFactory.getRuntimeMXBean().getStartTime();
        log.atInfo()
                .addKeyValue("version", Version.sluice())
                .addKeyValue("admin", adminUrl())
                .addKeyValue("status", statusUrl())
                .addKeyValue("ms", clock.millis() - jvm)
                .log("the node is started");
    }

    /** The cluster as this node sees it. */
    Membership membership() throws StartFailure {
        return cluster.membership();
    }

    /** Where the proxy is reached first; empty if it is off. */
    String proxyUrl() {
        return settings.proxyListen().stream()
                .findFirst()
                .map(address -> (address.ssl() ? "https://" : "http://") + address.host() + ":" + address.port())
                .orElse("");
    }

    /** Where the Admin API is reached first; empty if it is off. */
    String adminUrl() {
        return adminListeners.stream().findFirst().map(ApiListener::url).orElse("");
    }

    /** Where the Status API is reached first; empty if it is off. */
    String statusUrl() {
        return statusListeners.stream().findFirst().map(ApiListener::url).orElse("");
    }
}
