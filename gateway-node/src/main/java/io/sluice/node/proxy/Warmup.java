package io.sluice.node.proxy;

import io.sluice.node.config.PluginResources;
import io.sluice.node.config.Revision;
import io.sluice.node.dns.Agenda;
import io.sluice.node.dns.Answer;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.ResolverTimes;
import io.sluice.node.guard.Guards;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.LimitTally;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugin.TrafficMetrics;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LocalLimiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests through the real request path while the rest of a node starts, so that the first clients do not pay for a cold
 * JVM. Uses ports of its own on loopback and a configuration of its own: nothing of it is seen in metrics or logs.
 */
public final class Warmup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);
    private static final int CLIENTS = 8;
    private static final UUID ID = new UUID(0, 0);
    private static final long PATIENCE_NANOS = 500_000_000;
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final byte[] REQUEST = ProxyContext.ascii(
            "GET /warm?up=1 HTTP/1.1\r\nHost: warm.invalid\r\nAccept: */*\r\nUser-Agent: warm\r\n\r\n");
    private static final byte[] RESPONSE =
            ProxyContext.ascii("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nwarm");

    private final long start = System.nanoTime();
    private final boolean http2;
    private final Thread thread;
    private volatile long end = start + MOST_NANOS;

    private Warmup(EventLoopGroup group, Materializer materializer, boolean http2) {
        this.http2 = http2;
        thread = daemon(() -> run(group, materializer));
    }

    /**
     * Begins, on threads of its own and the loops; {@link #close} ends it.
     *
     * @param http2 whether half of the clients speak HTTP/2
     */
    public static Warmup start(EventLoopGroup group, Materializer materializer, boolean http2) {
        Warmup warmup = new Warmup(group, materializer, http2);
        warmup.thread.start();
        return warmup;
    }

    /** Lets it run until so much time has passed since its start, if that is not over, and waits for its end. */
    public void finish(Duration least) {
        end = Math.max(System.nanoTime(), start + least.toNanos());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it now. */
    @Override
    public void close() {
        finish(Duration.ZERO);
    }

    private void run(EventLoopGroup group, Materializer materializer) {
        ExecutorService threads = Executors.newCachedThreadPool(Warmup::daemon);
        ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(Warmup::daemon);
        try (ServerSocket upstream = new ServerSocket(0, CLIENTS * 4, InetAddress.getLoopbackAddress());
                PluginResources resources = new PluginResources();
                HostResolver resolver = new HostResolver(
                        name -> CompletableFuture.completedFuture(new Answer.Missing("only addresses here")),
                        Agenda.thread(),
                        ResolverTimes.DEFAULT)) {
            threads.execute(() -> accept(upstream, threads));
            Revision.Compiler compiler = new Revision.Compiler(
                    PluginRegistry.of(List.of()),
                    RouterFlavor.TRADITIONAL_COMPATIBLE,
                    resolver,
                    Guards.alone(),
                    UpstreamHealth.none(),
                    resources,
                    background,
                    InstantSource.system(),
                    new LocalLimiters(new KeyBudget(KeyBudget.DEFAULT), System::currentTimeMillis),
                    new Uncounted());
            Revision revision = compiler.compile(config(upstream.getLocalPort()));
            drive(server(group, revision), materializer, threads);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("warm-up ended early");
        } finally {
            threads.shutdownNow();
            background.shutdownNow();
            group.restartCounters();
        }
    }

    private static Service service(int port) {
        return new Service(
                ID,
                "warm",
                Protocol.HTTP,
                "127.0.0.1",
                port,
                null,
                0,
                1000,
                1000,
                1000,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0);
    }

    private static Route route() {
        return new Route(
                ID,
                "warm",
                ID,
                Set.of(Protocol.HTTP),
                List.of(),
                List.of(),
                List.of("/warm"),
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

    private static GatewayConfig config(int port) {
        GatewayConfig none = GatewayConfig.EMPTY;
        return new GatewayConfig(
                none.hash(),
                List.of(service(port)),
                List.of(route()),
                none.consumers(),
                none.consumerGroups(),
                none.credentials(),
                none.plugins(),
                none.upstreams(),
                none.targets(),
                none.certificates(),
                none.snis(),
                none.caCertificates(),
                none.vaults(),
                none.keySets(),
                none.keys());
    }

    private static ProxyServer server(EventLoopGroup group, Revision revision) {
        return new ProxyServer(
                group,
                new ProxyServer.Parts(
                        ProxySettings.DEFAULT,
                        RouterFlavor.TRADITIONAL_COMPATIBLE,
                        () -> revision,
                        InstantSource.system(),
                        ExchangeLog.NONE,
                        exchange -> new byte[0]));
    }

    private void drive(ProxyServer server, Materializer materializer, ExecutorService threads) throws IOException {
        try (server) {
            InetSocketAddress address =
                    server.listen(new ListenSettings("127.0.0.1", 0, false, http2, false, false, 64), materializer);
            CountDownLatch running = new CountDownLatch(CLIENTS);
            for (int i = 0; i < CLIENTS; i++) {
                boolean frames = http2 && i % 2 == 1;
                threads.execute(() -> {
                    client(address, frames);
                    running.countDown();
                });
            }
            boolean left = false;
            while (!left && System.nanoTime() - end < PATIENCE_NANOS) {
                left = running.await(20, TimeUnit.MILLISECONDS);
            }
            // The actor system may end next: nothing of this must still be on its way there.
            server.drain()
                    .toCompletableFuture()
                    .completeOnTimeout(null, PATIENCE_NANOS, TimeUnit.NANOSECONDS)
                    .join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void client(InetSocketAddress address, boolean frames) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setTcpNoDelay(true);
            if (frames) {
                new WarmHttp2(REQUEST).run(socket, () -> System.nanoTime() - end < 0);
                return;
            }
            byte[] buffer = new byte[2048];
            int read;
            do { // at least once, so that the connection has been served when its client goes
                socket.getOutputStream().write(REQUEST);
                read = socket.getInputStream().read(buffer);
            } while (read >= 0 && System.nanoTime() - end < 0);
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("warm-up client ended");
        }
    }

    private static void accept(ServerSocket upstream, ExecutorService threads) {
        try {
            while (!upstream.isClosed()) {
                Socket socket = upstream.accept();
                threads.execute(() -> answer(socket));
            }
        } catch (IOException | RejectedExecutionException e) {
            LOG.atTrace().setCause(e).log("warm-up upstream ended");
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[4096];
            while (in.read(buffer) >= 0) {
                socket.getOutputStream().write(RESPONSE); // a request of ours arrives in one piece
            }
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("warm-up upstream connection ended");
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "sluice-warmup");
        thread.setDaemon(true);
        return thread;
    }

    private static final class Uncounted implements TrafficMetrics {
        @Override
        public void count(Exchange exchange, Detail detail) {
            // not traffic
        }

        @Override
        public void exportUpstreamHealth(boolean on) {
            // not traffic
        }

        @Override
        public LimitTally limits(PluginConfig plugin) {
            return new LimitTally();
        }
    }
}
