package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http2.ConnectionErrorException;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.Frames;
import io.sluice.node.plugin.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client connection that speaks HTTP/2 (RFC 9113): its frames, streams and windows. Each stream is an {@link Http2Stream} with
 * a cycle of its own.
 *
 * <p>Bounds per connection: {@link #MOST_STREAMS} streams; half a megabyte from the client that nobody could use yet, one for the
 * client that its windows do not allow (see {@link Http2Windows}); a header block as long as a head may be, in 32 frames;
 * {@link #BACKLOG} bytes the socket does not take, or nothing more is read. What the client says goes through {@link Http2Intake}.
 */
final class Http2Connection {

    static final int MOST_STREAMS = 128;
    static final int STREAM_WINDOW = 128 * 1024;
    private static final int BACKLOG = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

    private final ProxyConnection wire;
    private final ProxyContext context;
    private final ConnectionPeer peer;
    private final LoopState loopState;
    private final EventLoop loop;
    private final Http2Buffers buffers;
    private final ByteWriter frames;
    private final Http2Streams streams = new Http2Streams();
    private final ArrayDeque<Http2Stream> signalled = new ArrayDeque<>();
    private final Http2Farewell farewell;
    private final Http2Windows windows;
    private final Http2Timers timers;
    private final BodyBudget bodies = new BodyBudget();
    private final Http2Intake intake;
    private boolean resume;
    private boolean awaitsClient;
    private boolean failed;

    Http2Connection(ProxyConnection wire, ProxyContext context, ConnectionPeer peer, LoopState loopState) {
        this.wire = wire;
        this.context = context;
        this.peer = peer.speakingHttp2();
        this.loopState = loopState;
        this.loop = loopState.loop();
        this.buffers = loopState.http2(context.headLimits().head());
        this.frames = buffers.frames();
        this.windows = new Http2Windows(frames);
        this.farewell = new Http2Farewell(frames);
        this.timers = new Http2Timers(loop, context.settings().client(), wire::deadlinePassed);
        this.intake = new Http2Intake(
                this, new Http2Intake.Parts(context, loop, buffers, streams, windows, farewell, timers));
    }

    ConnectionPeer peer() {
        return peer;
    }

    /** What its streams together may hold of bodies. */
    BodyBudget bodies() {
        return bodies;
    }

    /**
     * The first bytes of the connection.
     *
     * @param upgrade what they begin with if the client has asked for HTTP/2 in HTTP/1.1
     */
    void begin(@Nullable Http2Upgrade upgrade, ByteBuffer bytes) {
        enter();
        if (upgrade != null) {
            bytes.position(bytes.position() + upgrade.head().length);
            frames.put(Http2Upgrade.ACCEPTED);
        }
        Frames.settings(
                frames,
                Frames.MAX_CONCURRENT_STREAMS,
                MOST_STREAMS,
                Frames.INITIAL_WINDOW_SIZE,
                STREAM_WINDOW,
                Frames.MAX_HEADER_LIST_SIZE,
                context.headLimits().head());
        windows.begin();
        if (context.draining()) {
            farewell.begin();
        }
        try {
            if (upgrade != null) {
                intake.upgraded(upgrade);
            }
        } catch (ConnectionErrorException e) {
            fail(e.code(), e.getMessage());
        }
        read(bytes);
        settle();
    }

    void received(ByteBuffer bytes) {
        enter();
        read(bytes);
        settle();
    }

    private void read(ByteBuffer bytes) {
        try {
            intake.read(bytes);
        } catch (ConnectionErrorException e) {
            fail(e.code(), e.getMessage());
        }
    }

    private void fail(ErrorCode code, @Nullable String reason) {
        if (!failed) {
            LOG.atDebug()
                    .addKeyValue("code", code)
                    .addKeyValue("reason", reason)
                    .log("an HTTP/2 connection was refused");
            failed = true;
            farewell.tell(intake.lastServed(), code);
        }
    }

    /** The client sends no more, or is gone. */
    void clientGone() {
        enter();
        failed = true;
        for (int i = streams.count() - 1; i >= 0; i--) {
            streams.at(i).abandon();
        }
        settle();
    }

    /** The stream of the connection has ended, in whatever way. */
    void end() {
        timers.remove();
        for (int i = streams.count() - 1; i >= 0; i--) {
            streams.at(i).stop();
        }
    }

    // ---- streams

    /** Another stream, of a closed one's parts if there are any. */
    Http2Stream open() {
        Http2Stream kept = streams.reuse();
        Http2Stream stream = kept != null ? kept : new Http2Stream(this, context, loopState, buffers);
        streams.add(stream);
        return stream;
    }

    /** A stream has been at work: if it is closed, it goes. */
    void after(Http2Stream stream) {
        if (!stream.closed() || streams.find(stream.id()) != stream) {
            return;
        }
        streams.remove(stream);
        heldBack(-stream.output().forget());
        used(stream.forgetUnused());
        if (stream.reusable()) {
            streams.keep(stream);
        }
    }

    /** Whether the next header block gives up the client's table for headers. */
    boolean givesUpTable() {
        return intake.givesUpTable();
    }

    // ---- windows

    /** How much of a stream's window the connection's window allows. */
    int sendable(int streamWindow) {
        return windows.sendable(streamWindow);
    }

    void sent(int bytes) {
        windows.sent(bytes);
        intake.brought();
    }

    /** The client allows more: what waits goes on when the round is settled. */
    void resume() {
        resume = true;
    }

    /** So many bytes more (or less) wait for the client's windows. */
    void heldBack(int bytes) {
        windows.heldBack(bytes);
        resume |= bytes < 0;
    }

    /** So many bytes of the client's have been used. */
    void used(int bytes) {
        windows.used(bytes);
    }

    /** Whether more content is of use now for a stream of that window. */
    boolean ready(int streamWindow) {
        return windows.ready(streamWindow) && wire.backlog() < BACKLOG;
    }

    /** The socket takes bytes again. */
    void writable() {
        enter();
        resume = true;
        settle();
    }

    // ---- entries from outside the connection

    /** A stream has something to do once the connection is entered. */
    void signalled(Http2Stream stream) {
        signalled.add(stream);
        wire.streamsSignalled();
    }

    void resumeLater(Http2Stream stream, int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        wire.resumeLater(stream, parking, verdict, failure);
    }

    void onResumption(Http2Stream stream, int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        enter();
        stream.onResumption(parking, verdict, failure);
        after(stream);
        settle();
    }

    void onStreamSignals() {
        for (Http2Stream next = signalled.poll(); next != null; next = signalled.poll()) {
            next.onSignal();
            after(next);
        }
    }

    void onDeadline() {
        switch (timers.expired(streams.count())) {
            case HEAD -> fail(ErrorCode.ENHANCE_YOUR_CALM, "a header block or frame that does not end");
            case IDLE -> fail(ErrorCode.NO_ERROR, "idle");
            case TRIM -> streams.trim();
            case NONE -> {
                awaitsClient = streams.stalled();
                streams.stalledBefore(loop.now()
                                - context.settings().client().sendTimeout().toNanos())
                        .forEach(this::giveUp);
            }
        }
    }

    private void giveUp(Http2Stream stream) {
        stream.abandon();
        stream.fail(ErrorCode.CANCEL);
        after(stream);
    }

    /** The drain has begun. */
    void drainBegun() {
        farewell.begin();
        timers.drain();
    }

    /** The time to stop is over. */
    void cutOff() {
        for (int i = streams.count() - 1; i >= 0; i--) {
            Http2Stream stream = streams.at(i);
            stream.cutOff();
            after(stream);
        }
        fail(ErrorCode.NO_ERROR, "stopped");
    }

    /** Begins a round of events; what it writes is sent when it settles, once. */
    void enter() {
        frames.trim(512 * 1024);
    }

    void settle() {
        while (resume) {
            resume = false;
            for (int i = streams.count() - 1; i >= 0; i--) {
                Http2Stream stream = i < streams.count() ? streams.at(i) : null;
                if (stream != null && stream.output().stalled()) {
                    stream.sendOn();
                    after(stream);
                }
            }
        }
        boolean over = failed || farewell.said() && streams.count() == 0;
        wire.send(frames, over);
        if (over) {
            timers.remove();
            for (int i = streams.count() - 1; i >= 0; i--) {
                Http2Stream stream = streams.at(i);
                stream.abandon();
                after(stream);
            }
        } else {
            timers.follow(streams.count(), awaitsClient);
        }
    }

    /** Something waits for the client to read. */
    void awaitsClient() {
        awaitsClient = true;
    }
}
