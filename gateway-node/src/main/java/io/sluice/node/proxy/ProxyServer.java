package io.sluice.node.proxy;

import io.sluice.node.config.Revision;
import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.http.TcpListener;
import io.sluice.node.http.TlsSession;
import io.sluice.node.http.TlsStage;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.tls.ServerTls;
import io.sluice.state.model.RouterFlavor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/** The proxy of a node: its listeners and what their connections share. Thread-safe. */
public final class ProxyServer implements AutoCloseable {

    private final EventLoopGroup group;
    private final ProxyContext context;
    private final List<LoopState> states;
    private final List<TcpListener> listeners = new ArrayList<>();

    /**
     * What a proxy is made of.
     *
     * @param revisions gives the current revision; asked once per request
     * @param log told of every ended exchange
     * @param records makes the JSON log record of an exchange for plugins
     * @param verdictLimit how long an exchange waits for a plugin's verdict
     */
    public record Parts(
            ProxySettings settings,
            RouterFlavor flavor,
            Supplier<Revision> revisions,
            InstantSource clock,
            ExchangeLog log,
            Function<Exchange, byte[]> records,
            Duration verdictLimit) {

        /** With the limit that plugins are told of. */
        public Parts(
                ProxySettings settings,
                RouterFlavor flavor,
                Supplier<Revision> revisions,
                InstantSource clock,
                ExchangeLog log,
                Function<Exchange, byte[]> records) {
            this(settings, flavor, revisions, clock, log, records, Verdict.Later.LIMIT);
        }
    }

    public ProxyServer(EventLoopGroup group, Parts parts) {
        this.group = group;
        this.context = new ProxyContext(
                parts.settings(),
                parts.flavor(),
                parts.revisions(),
                parts.clock(),
                parts.log(),
                exchange -> parts.records().apply(exchange),
                parts.verdictLimit());
        int loops = group.loops().size();
        SecureRandom seeds = new SecureRandom();
        this.states = group.loops().stream()
                .map(loop -> new LoopState(
                        loop, parts.settings().pool(), loops, new SplittableRandom(seeds.nextLong()), parts.clock()))
                .toList();
    }

    /**
     * Opens a listener.
     *
     * @return where it listens
     * @throws IOException if the address cannot be bound
     */
    public InetSocketAddress listen(ListenSettings listen, Materializer materializer) throws IOException {
        return bind(listen, materializer, peer -> serve(peer, Spoken.of(listen)));
    }

    /** Opens a listener that speaks TLS; otherwise as {@link #listen(ListenSettings, Materializer)}. */
    public InetSocketAddress listen(ListenSettings listen, ServerTls tls, Materializer materializer)
            throws IOException {
        return bind(listen, materializer, peer -> serve(peer, tls, listen.http2()));
    }

    private InetSocketAddress bind(
            ListenSettings listen,
            Materializer materializer,
            Function<ConnectionPeer, Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed>> handler)
            throws IOException {
        var client = context.settings().client();
        var limits = new TcpListener.Limits(
                client.connections(),
                client.sendTimeout().toMillis(),
                client.headerTimeout().toMillis());
        TcpListener listener = TcpListener.bind(listen, group, materializer, limits, handler);
        listeners.add(listener);
        return listener.address();
    }

    private Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed> serve(ConnectionPeer peer, Spoken spoken) {
        return new ProxyStage(context, peer, this::state, spoken);
    }

    private Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed> serve(ConnectionPeer peer, ServerTls tls, boolean http2) {
        TlsSession session = new TlsSession();
        long patience = context.settings().client().headerTimeout().toMillis();
        return BidiFlow.fromGraph(new TlsStage(tls, session, patience, http2))
                .reversed()
                .join(Flow.fromGraph(serve(peer.over(session), http2 ? Spoken.HTTP2 : Spoken.HTTP1)));
    }

    private LoopState state(EventLoop loop) {
        return states.get(loop.index());
    }

    /**
     * Stops accepting and lets every connection end after its current request, or a moment later if it has none: clients that
     * had sent one when the drain began get their answer. Completes when no connection is left and all has been sent.
     */
    public CompletionStage<Void> drain() {
        context.drain();
        listeners.forEach(TcpListener::close);
        CompletableFuture<?>[] gone = states.stream().map(this::emptied).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(gone);
    }

    private CompletableFuture<Void> emptied(LoopState state) {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        state.loop().execute(() -> {
            state.nudge();
            state.loop().whenUnconnected(() -> empty.complete(null));
        });
        return empty;
    }

    /**
     * Ends what a drain has left: requests without a response are answered 503, half given responses are reset so that nobody
     * takes them for whole. All are logged; the drain completes when their connections are gone.
     */
    public void cutOff() {
        states.forEach(state -> state.loop().execute(state::cutOff));
    }

    /** Closes the listeners; connections end with the actor system. */
    @Override
    public void close() {
        listeners.forEach(TcpListener::close);
        states.forEach(state -> state.loop().execute(() -> state.pool().close()));
    }
}
