package io.sluice.node.proxy;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.config.PluginResources;
import io.sluice.node.config.Revision;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.guard.Guards;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.observe.LogRecord;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.LimitTally;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugin.TrafficMetrics;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.settings.DnsSettings;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.ServerTls;
import io.sluice.node.tls.TlsRules;
import io.sluice.node.tls.crypto.NativeCrypto;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.Limiters;
import io.sluice.state.limit.LocalLimiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.RouterFlavor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.SystemMaterializer;

/** A proxy on a port of its own, over real sockets and event loops, for tests. */
public final class TestGateway implements AutoCloseable {

    static {
        NativeCrypto.use(); // as nodes do by default; keys that tests make before work, too
    }

    private final EventLoopGroup group;
    private final ActorSystem system;
    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(2);
    private final PluginResources resources = new PluginResources();
    private final HostResolver resolver;
    private final Revision.Compiler compiler;
    private final ProxyServer server;
    private final InetSocketAddress address;
    private volatile Revision revision;

    private TestGateway(
            GatewayConfig config,
            ProxySettings settings,
            List<? extends PluginFactory> plugins,
            ExchangeLog log,
            Duration verdictLimit,
            Limiters limiters,
            List<InetSocketAddress> nameServers) {
        resolver = HostResolver.of(new DnsSettings(
                nameServers,
                Path.of("/etc/hosts"),
                List.of("LAST", "SRV", "A", "CNAME"),
                Optional.empty(),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                100));
        group = EventLoopGroup.start(2);
        system = ActorSystem.create("test", group.dispatchers().withFallback(ConfigFactory.load()));
        compiler = new Revision.Compiler(
                PluginRegistry.of(plugins),
                RouterFlavor.TRADITIONAL_COMPATIBLE,
                resolver,
                Guards.alone(),
                UpstreamHealth.none(),
                resources,
                background,
                InstantSource.system(),
                limiters,
                new NoMetrics());
        revision = compiler.compile(config);
        server = new ProxyServer(
                group,
                new ProxyServer.Parts(
                        settings,
                        RouterFlavor.TRADITIONAL_COMPATIBLE,
                        () -> revision,
                        InstantSource.system(),
                        log,
                        LogRecord::of,
                        verdictLimit));
        try {
            address = server.listen(
                    new ListenSettings("127.0.0.1", 0, false, false, false, false, 512),
                    SystemMaterializer.get(system).materializer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestGateway start(GatewayConfig config) {
        return start(config, ProxySettings.DEFAULT, List.of());
    }

    public static TestGateway start(
            GatewayConfig config, ProxySettings settings, List<? extends PluginFactory> plugins) {
        return start(config, settings, plugins, Verdict.Later.LIMIT, localLimiters());
    }

    /** The same with another limit for plugins' verdicts, and with limiters of the test. */
    public static TestGateway start(
            GatewayConfig config,
            ProxySettings settings,
            List<? extends PluginFactory> plugins,
            Duration verdictLimit,
            Limiters limiters) {
        return new TestGateway(config, settings, plugins, ExchangeLog.NONE, verdictLimit, limiters, List.of());
    }

    public static TestGateway start(GatewayConfig config, ProxySettings settings, ExchangeLog log) {
        return new TestGateway(config, settings, List.of(), log, Verdict.Later.LIMIT, localLimiters(), List.of());
    }

    /** The same with a name server of the test. */
    public static TestGateway asking(
            InetSocketAddress nameServer, GatewayConfig config, List<? extends PluginFactory> plugins) {
        return new TestGateway(
                config,
                ProxySettings.DEFAULT,
                plugins,
                ExchangeLog.NONE,
                Verdict.Later.LIMIT,
                localLimiters(),
                List.of(nameServer));
    }

    /** Limiters of a node without peers. */
    public static Limiters localLimiters() {
        return new LocalLimiters(new KeyBudget(KeyBudget.DEFAULT), System::currentTimeMillis);
    }

    /** A gateway that sends everything to one upstream. */
    public static TestGateway to(RawUpstream upstream) {
        return start(Configs.to(upstream.port()));
    }

    /** Serves another configuration from the next request on. */
    public void configure(GatewayConfig config) {
        Revision replaced = revision;
        revision = compiler.compile(config);
        replaced.release();
    }

    public InetSocketAddress address() {
        return address;
    }

    public EventLoopGroup group() {
        return group;
    }

    public ProxyServer server() {
        return server;
    }

    /** Opens a TLS listener on another port; it shows the pairs to whoever asks for no name of the configuration. */
    public InetSocketAddress listenTls(TlsRules rules, CertifiedKey... fallback) {
        return listenTls(new ListenSettings("127.0.0.1", 0, true, false, false, false, 512), rules, fallback);
    }

    private InetSocketAddress listenTls(ListenSettings listen, TlsRules rules, CertifiedKey... fallback) {
        try {
            return server.listen(
                    listen,
                    ServerTls.of(
                            rules,
                            () -> revision.certificates(),
                            () -> revision.certificateRequests(),
                            List.of(fallback)),
                    SystemMaterializer.get(system).materializer());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a listener behind a load balancer that speaks the PROXY protocol. */
    public InetSocketAddress listenProxyProtocol() {
        try {
            return server.listen(
                    new ListenSettings("127.0.0.1", 0, false, false, true, false, 512),
                    SystemMaterializer.get(system).materializer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with HTTP/2 on offer. */
    public InetSocketAddress listenTlsHttp2(CertifiedKey... fallback) {
        return listenTls(new ListenSettings("127.0.0.1", 0, true, true, false, false, 512), TlsRules.DEFAULT, fallback);
    }

    /** Opens a listener for HTTP/1.1 and HTTP/2 by prior knowledge on another port. */
    public InetSocketAddress listenHttp2() {
        try {
            return server.listen(
                    new ListenSettings("127.0.0.1", 0, false, true, false, false, 512),
                    SystemMaterializer.get(system).materializer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, and clients may ask for HTTP/2 in HTTP/1.1. */
    public InetSocketAddress listenHttp2Upgrade() {
        try {
            return server.listen(
                    new ListenSettings("127.0.0.1", 0, false, true, true, false, false, 512),
                    SystemMaterializer.get(system).materializer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for TLS. */
    public InetSocketAddress listenProxyProtocolTls(TlsRules rules, CertifiedKey... fallback) {
        return listenTls(new ListenSettings("127.0.0.1", 0, true, false, true, false, 512), rules, fallback);
    }

    public Revision revision() {
        return revision;
    }

    public RawClient client() {
        return RawClient.connect(address);
    }

    /** Sends one request on a connection of its own and gives the response. */
    public RawClient.Response exchange(String request) {
        try (RawClient client = client()) {
            return client.send(request).readResponse();
        }
    }

    /** GET of a path on a connection of its own. */
    public RawClient.Response get(String path) {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: example.test\r\n\r\n");
    }

    /** Client connections open now. */
    public long openConnections() {
        return group.loops().stream().mapToLong(loop -> loop.counters().open()).sum();
    }

    /** Requests being served now. */
    public long activeRequests() {
        return group.loops().stream()
                .mapToLong(loop -> loop.counters().active())
                .sum();
    }

    @Override
    public void close() {
        server.close();
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            group.close();
            background.shutdownNow();
            resources.close();
            resolver.close();
        }
    }

    private static final class NoMetrics implements TrafficMetrics {
        @Override
        public void count(Exchange exchange, Detail detail) {}

        @Override
        public void exportUpstreamHealth(boolean on) {}

        @Override
        public LimitTally limits(PluginConfig plugin) {
            return new LimitTally();
        }
    }
}
