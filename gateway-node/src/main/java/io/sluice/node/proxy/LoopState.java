package io.sluice.node.proxy;

import io.sluice.node.http.EventLoop;
import io.sluice.node.settings.PoolSettings;
import io.sluice.node.upstream.UpstreamPool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the connections of one event loop share; used on its thread only. */
final class LoopState {

    private final EventLoop loop;
    private final UpstreamPool pool;
    private final RandomGenerator random;
    private final HttpDate date;
    private final UpstreamComplaints complaints = new UpstreamComplaints();
    private @Nullable Http2Buffers http2;
    private final Set<ProxyConnection> connections = Collections.newSetFromMap(new IdentityHashMap<>());

    LoopState(EventLoop loop, PoolSettings pool, int loops, RandomGenerator random, InstantSource clock) {
        this.loop = loop;
        this.pool = new UpstreamPool(loop, pool, loops);
        this.random = random;
        this.date = new HttpDate(clock);
    }

    EventLoop loop() {
        return loop;
    }

    UpstreamPool pool() {
        return pool;
    }

    RandomGenerator random() {
        return random;
    }

    HttpDate date() {
        return date;
    }

    UpstreamComplaints complaints() {
        return complaints;
    }

    /**
     * What HTTP/2 connections share; made when first asked for.
     *
     * @param headBytes longest request head
     */
    Http2Buffers http2(int headBytes) {
        Http2Buffers made = http2;
        if (made == null) {
            made = new Http2Buffers(headBytes);
            http2 = made;
        }
        return made;
    }

    void opened(ProxyConnection connection) {
        connections.add(connection);
    }

    void closed(ProxyConnection connection) {
        connections.remove(connection);
    }

    /** Lets every connection see that the drain has begun. */
    void nudge() {
        new ArrayList<>(connections).forEach(ProxyConnection::nudge);
    }

    /** Ends every connection, whatever it is doing. */
    void cutOff() {
        new ArrayList<>(connections).forEach(ProxyConnection::cutOff);
    }
}
