package io.sluice.node.upstream;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.TimerWheel;
import io.sluice.node.settings.PoolSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one event loop, per endpoint and whom TLS was made for, last used first. Used on the loop's thread only: no lock, no message.
 * A connection comes back only after a cleanly framed exchange.
 */
public final class UpstreamPool {

    private static final long SWEEP_MILLIS = 1000;

    /** What was idle for longer may have been ended for just that. */
    private static final long BUSY_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final int idleLimit;
    private final int exchangeLimit;
    private final long idleNanos;
    private final Map<Object, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
    private @Nullable Http2Buffers http2Buffers;
    private final TimerWheel.Deadline sweep = new TimerWheel.Deadline(this::sweep);

    /**
     * @param loops event loops of the node: each keeps its share of {@link PoolSettings#size}
     */
    public UpstreamPool(EventLoop loop, PoolSettings settings, int loops) {
        this.loop = loop;
        this.idleLimit = settings.size() == 0 ? 0 : Math.max(1, settings.size() / loops);
        this.exchangeLimit = settings.requests();
        this.idleNanos = settings.idleTimeout().toNanos();
    }

    /** Where connections go that are not plain HTTP/1.1; those go to the endpoint itself. */
    private record Place(Endpoint endpoint, @Nullable TlsTarget tls, boolean http2) {}

    private static Object place(Endpoint endpoint, @Nullable TlsTarget tls, boolean http2) {
        return tls == null && !http2 ? endpoint : new Place(endpoint, tls, http2);
    }

    /**
     * An idle connection to the endpoint, given to the owner.
     *
     * @param tls whom it must have been made for; null for one without TLS
     * @param http2 whether it must speak HTTP/2
     * @return null if there is none
     */
    public @Nullable UpstreamConnection take(
            Endpoint endpoint, @Nullable TlsTarget tls, boolean http2, UpstreamConnection.Owner owner) {
        ArrayDeque<UpstreamConnection> connections = idle.get(place(endpoint, tls, http2));
        while (connections != null && !connections.isEmpty()) {
            UpstreamConnection connection = connections.pollLast();
            if (!connection.closed() && connection.spoiled()) {
                connection.close();
            }
            if (!connection.closed()) {
                connection.lease(owner);
                return connection;
            }
        }
        return null;
    }

    /**
     * A new connection, given to the owner; it is told when it is connected.
     *
     * @throws IOException if connecting fails at once
     */
    public UpstreamConnection connect(
            Endpoint endpoint, @Nullable TlsTarget tls, boolean http2, UpstreamConnection.Owner owner)
            throws IOException {
        if (http2 && http2Buffers == null) {
            http2Buffers = new Http2Buffers();
        }
        UpstreamConnection connection = UpstreamConnection.open(loop, endpoint, tls, http2 ? http2Buffers : null);
        connection.lease(owner);
        return connection;
    }

    /** Takes a connection back after a complete exchange; keeps or closes it. */
    public void give(UpstreamConnection connection) {
        Object place = place(connection.endpoint(), connection.tls(), connection.speaksHttp2());
        ArrayDeque<UpstreamConnection> connections = idle.get(place);
        if (connections == null) {
            connections = new ArrayDeque<>();
            idle.put(place, connections);
        }
        if (!connection.reusable() || connection.exchanges() >= exchangeLimit || connections.size() >= idleLimit) {
            discard(connection);
            return;
        }
        connection.release(this, loop.now());
        connections.addLast(connection);
        if (!sweep.set()) {
            loop.timers().set(sweep, loop.now(), SWEEP_MILLIS);
        }
    }

    /** Ends a connection that was taken or connected here. */
    public void discard(UpstreamConnection connection) {
        connection.close();
    }

    /** The other side has ended an idle connection: one of several says nothing, but the last of them may have fallen with its target. */
    void ended(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> others =
                idle.get(place(connection.endpoint(), connection.tls(), connection.speaksHttp2()));
        boolean busy = loop.now() - connection.idleSince() < BUSY_NANOS;
        if (busy && (others == null || others.stream().allMatch(UpstreamConnection::closed))) {
            connection.endpoint().health().left();
        }
    }

    private void sweep() {
        long now = loop.now();
        Iterator<ArrayDeque<UpstreamConnection>> pools = idle.values().iterator();
        while (pools.hasNext()) {
            ArrayDeque<UpstreamConnection> connections = pools.next();
            connections.removeIf(connection -> expired(connection, now));
            if (connections.isEmpty()) {
                pools.remove();
            }
        }
        if (!idle.isEmpty()) {
            loop.timers().set(sweep, now, SWEEP_MILLIS);
        }
    }

    private boolean expired(UpstreamConnection connection, long now) {
        boolean old = now - connection.idleSince() > idleNanos;
        if (old && !connection.closed()) {
            connection.close();
        }
        return connection.closed();
    }

    /** Idle connections now; for tests and metrics, on the loop's thread. */
    public int idle() {
        int sum = 0;
        for (ArrayDeque<UpstreamConnection> connections : idle.values()) {
            for (UpstreamConnection connection : connections) {
                sum += connection.closed() ? 0 : 1;
            }
        }
        return sum;
    }

    /** Closes every idle connection. */
    public void close() {
        idle.values().forEach(connections -> connections.forEach(UpstreamConnection::close));
        idle.clear();
    }
}
