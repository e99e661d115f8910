package io.sluice.node.boot;

import io.sluice.node.config.PluginResources;
import io.sluice.node.config.Revision;
import io.sluice.node.config.RevisionCompiler;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.guard.Guards;
import io.sluice.node.observe.CertificateGauges;
import io.sluice.node.observe.TrafficCounters;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.settings.NodeSettings;
import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.UpstreamTrust;
import io.sluice.state.limit.crdt.ClusterLimits;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Compiles configurations to revisions and cleans up after those that are gone. Thread-safe. */
final class Revisions implements RevisionCompiler<Revision>, AutoCloseable {

    /** How long requests may still run on a revision that was replaced before what only it used is closed. */
    private static final long GRACE_SECONDS = 60;

    /** Small steps, each about a millisecond, so that a node with one core does not stand still for them. */
    private static final long SWEEP_MILLIS = 100;

    private static final int SWEPT_AT_ONCE = 1_000;

    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "sluice-background");
        thread.setDaemon(true);
        return thread;
    });
    private final HostResolver resolver;
    private final PluginResources resources = new PluginResources();
    private final AtomicReference<@Nullable Revision> live = new AtomicReference<>();
    private final TrafficCounters traffic;
    private final NodeHealth health;
    private final CertificateGauges certificates;
    private final Revision.Compiler compiler;

    Revisions(
            NodeSettings settings,
            PluginRegistry plugins,
            TrafficCounters traffic,
            ClusterLimits limiters,
            Guards guards,
            NodeHealth health,
            InstantSource clock,
            UpstreamTrust trust) {
        this.traffic = traffic;
        this.health = health;
        this.resolver = HostResolver.of(settings.dns());
        ScheduledFuture<?> unused = background.scheduleWithFixedDelay(
                () -> limiters.sweep(SWEPT_AT_ONCE), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        this.certificates = new CertificateGauges(this::shown, clock);
        ScheduledFuture<?> unusedHourly = background.scheduleWithFixedDelay(certificates::warn, 1, 1, TimeUnit.HOURS);
        this.compiler = new Revision.Compiler(
                plugins,
                settings.routerFlavor(),
                resolver,
                guards,
                health.upstreams(),
                resources,
                background,
                clock,
                limiters,
                traffic,
                trust);
    }

    private CertificateView shown() {
        Revision current = live.get();
        return current == null ? CertificateView.EMPTY : current.certificates();
    }

    /** How long the live configuration's certificates are valid. */
    CertificateGauges certificates() {
        return certificates;
    }

    @Override
    public Revision compile(GatewayConfig config) {
        return compiler.compile(config);
    }

    @Override
    public List<Problem> problems(Revision revision) {
        return revision.problems();
    }

    @Override
    public void published(Revision revision) {
        traffic.keepOnly(revision.config());
        health.follow(revision);
        Revision replaced = live.getAndSet(revision);
        certificates.warn();
        if (replaced != null) {
            ScheduledFuture<?> unused = background.schedule(replaced::release, GRACE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Look-ups of host names that gave no address since the start. */
    long nameFailures() {
        return resolver.failures();
    }

    /** Flushes and closes what plugins keep; waits a moment for what that still has to send. */
    @Override
    public void close() {
        resources.close();
        resolver.close();
        background.shutdown();
        try {
            if (!background.awaitTermination(2, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            background.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
