package io.sluice.node.http;

import io.sluice.node.settings.ListenSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening port: one thread accepts connections and deals them to the event loop with the fewest. Runs out of file
 * descriptors gracefully: it waits and goes on.
 */
public final class TcpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CLOSE_MILLIS = 1_000;
    private static final byte[] NOTHING = {};

    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final EventLoopGroup group;
    private final Materializer materializer;
    private final Function<ConnectionPeer, Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed>> handler;
    private final int connectionLimit;
    private final long sendTimeoutMillis;
    private final long prefaceMillis;
    private final boolean proxyProtocol;
    private final Set<PrefaceReader> prefaces = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closed;

    private TcpListener(
            ServerSocketChannel server,
            boolean proxyProtocol,
            EventLoopGroup group,
            Materializer materializer,
            Limits limits,
            Function<ConnectionPeer, Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed>> handler)
            throws IOException {
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.group = group;
        this.materializer = materializer;
        this.handler = handler;
        this.connectionLimit = limits.connections();
        this.sendTimeoutMillis = limits.sendTimeoutMillis();
        this.prefaceMillis = limits.prefaceMillis();
        this.proxyProtocol = proxyProtocol;
        this.acceptor = new Thread(this::acceptLoop, "sluice-accept-" + address.getPort());
        acceptor.setDaemon(true);
    }

    /**
     * What connections may use.
     *
     * @param connections most client connections of the whole group at a time; further ones are closed at once
     * @param sendTimeoutMillis how long a client may not read
     * @param prefaceMillis how long a load balancer may take to say whom it forwards for
     */
    public record Limits(int connections, long sendTimeoutMillis, long prefaceMillis) {}

    /**
     * Binds and starts to accept.
     *
     * @param handler gives the flow that serves a connection: received bytes in, bytes to send out
     * @throws IOException if the address cannot be bound
     */
    public static TcpListener bind(
            ListenSettings listen,
            EventLoopGroup group,
            Materializer materializer,
            Limits limits,
            Function<ConnectionPeer, Graph<FlowShape<ByteBuffer, ByteBuffer>, NotUsed>> handler)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (listen.reusePort() && server.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            server.bind(new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port()), listen.backlog());
            TcpListener listener =
                    new TcpListener(server, listen.proxyProtocol(), group, materializer, limits, handler);
            listener.acceptor.start();
            return listener;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where it listens; the port is the real one if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    private void acceptLoop() {
        boolean failing = false;
        while (!closed) {
            try {
                take(server.accept());
                failing = false;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (!failing) {
                    LOG.atWarn()
                            .addKeyValue("address", address)
                            .setCause(e)
                            .log("cannot accept connections, will retry");
                }
                failing = true;
                LockSupport.parkNanos(BACK_OFF_NANOS);
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("address", address).setCause(e).log("connection was not served");
            }
        }
    }

    private void take(SocketChannel channel) throws IOException {
        try {
            if (group.connections() >= connectionLimit) {
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ConnectionPeer peer = ConnectionPeer.of((InetSocketAddress) channel.getRemoteAddress(), address.getPort());
            EventLoop loop = group.leastLoaded();
            loop.assigned();
            if (proxyProtocol) {
                PrefaceReader.Next next = (told, begun) -> serve(loop, channel, told, begun);
                PrefaceReader preface = new PrefaceReader(loop, channel, peer, prefaceMillis, prefaces, next);
                loop.execute(preface::begin);
            } else {
                loop.execute(() -> serve(loop, channel, peer, NOTHING));
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** On the loop's thread, so that the stages find their loop when they are made. */
    private void serve(EventLoop loop, SocketChannel channel, ConnectionPeer peer, byte[] begun) {
        try {
            Flow.fromGraph(handler.apply(peer))
                    .join(Flow.fromGraph(new SocketStage(channel, sendTimeoutMillis, begun)))
                    .withAttributes(ActorAttributes.dispatcher(group.dispatcher(loop.index())))
                    .run(materializer);
        } catch (RuntimeException e) {
            loop.released();
            closeQuietly(channel);
            LOG.atError().addKeyValue("address", address).setCause(e).log("connection was not served");
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection did not close");
        }
    }

    /** Stops accepting; connections go on, and every accepted one has been dealt to its loop when this returns. */
    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("listener did not close");
        }
        try {
            acceptor.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        prefaces.forEach(PrefaceReader::hurry);
    }
}
