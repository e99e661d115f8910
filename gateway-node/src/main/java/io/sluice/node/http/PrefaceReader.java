package io.sluice.node.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the preface of a connection from a load balancer before anything else is made for it. On its loop's thread only.
 *
 * <p>Why not a stage: what comes behind must know its client from the beginning, and would pay for a stage that passes every
 * byte on for the rest of the connection. Bytes behind the preface that came with it go to the connection's socket stage.
 */
final class PrefaceReader implements EventLoop.ReadyHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PrefaceReader.class);
    private static final byte[] NOTHING = {};
    private static final long LAST_CALL_MILLIS = 1_000;

    /** Told once, on the loop's thread: the connection begins, with what was read of it already. */
    interface Next {
        void serve(ConnectionPeer peer, byte[] begun);
    }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final ConnectionPeer peer;
    private final long millis;
    private final Set<PrefaceReader> waiting;
    private final Next next;
    private final TimerWheel.Deadline deadline = new TimerWheel.Deadline(this::overdue);
    private @Nullable SelectionKey key;
    private byte[] kept = NOTHING;

    /**
     * @param peer whose socket it is
     * @param millis most time until the preface is complete
     * @param waiting where it is found until the preface is complete; thread-safe
     */
    PrefaceReader(
            EventLoop loop,
            SocketChannel channel,
            ConnectionPeer peer,
            long millis,
            Set<PrefaceReader> waiting,
            Next next) {
        this.loop = loop;
        this.channel = channel;
        this.peer = peer;
        this.millis = millis;
        this.waiting = waiting;
        this.next = next;
    }

    /** Begins to read; closes the channel if that cannot be. */
    void begin() {
        waiting.add(this);
        try {
            key = loop.register(channel, SelectionKey.OP_READ, this);
            loop.timers().set(deadline, loop.now(), millis);
        } catch (IOException e) {
            close();
        }
    }

    /** The drain has begun: what does not come now never will. Any thread. */
    void hurry() {
        loop.execute(() -> {
            if (waiting.contains(this)) {
                loop.timers().set(deadline, loop.now(), Math.min(millis, LAST_CALL_MILLIS));
            }
        });
    }

    @Override
    public void ready(int operations) {
        ByteBuffer buffer = loop.readBuffer();
        buffer.clear().limit(ProxyPreface.LIMIT - kept.length);
        int n;
        try {
            n = channel.read(buffer);
        } catch (IOException e) {
            n = -1;
        }
        if (n < 0) {
            close(); // a health check that only connects, for example: nothing to complain about
            return;
        }
        int before = kept.length;
        kept = Arrays.copyOf(kept, before + n);
        buffer.flip().get(kept, before, n);
        ProxyPreface preface = ProxyPreface.read(kept, kept.length);
        if (preface.length() > 0) {
            complete(preface);
        } else if (preface.length() < 0) {
            refuse("no PROXY protocol at the beginning of a connection");
        }
    }

    private void complete(ProxyPreface preface) {
        waiting.remove(this);
        loop.timers().remove(deadline);
        SelectionKey registered = key;
        if (registered != null) {
            registered.interestOps(0); // until the connection's own stage takes over
        }
        loop.counters().read(preface.length());
        InetSocketAddress source = preface.source();
        next.serve(source == null ? peer : peer.tells(source), Arrays.copyOfRange(kept, preface.length(), kept.length));
    }

    private void overdue() {
        if (waiting.contains(this)) {
            refuse("the PROXY protocol did not come in time");
        }
    }

    private void refuse(String reason) {
        if (loop.counters().prefaceRefused(loop.now())) {
            LOG.atWarn()
                    .addKeyValue("peer", peer.ip())
                    .addKeyValue("port", peer.localPort())
                    .addKeyValue("refused", loop.counters().prefacesRefused())
                    .log(reason);
        }
        close();
    }

    private void close() {
        waiting.remove(this);
        loop.timers().remove(deadline);
        SelectionKey registered = key;
        if (registered != null) {
            registered.cancel();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection did not close");
        }
        loop.released();
    }
}
