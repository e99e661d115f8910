package io.sluice.node.proxy;

import static io.sluice.node.http2.FrameRules.expect;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http2.ConnectionErrorException;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.FrameReader;
import io.sluice.node.http2.FrameRules;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.HeaderBlock;
import io.sluice.node.http2.HpackDecoder;
import io.sluice.node.http2.PeerSettings;
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
 * {@link #BACKLOG} bytes the socket does not take, or nothing more is read. Frames that bring nothing have a budget.
 */
final class Http2Connection implements FrameReader.Handler {

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
    private final FrameReader reader = new FrameReader(this);
    private final HpackDecoder decoder = new HpackDecoder();
    private final HeaderBlock block;
    private final Http2Streams streams = new Http2Streams();
    private final ArrayDeque<Http2Stream> signalled = new ArrayDeque<>();
    private final Http2Farewell farewell;
    private final FrameBudget resets;
    private final FrameBudget idleFrames;
    private final PeerSettings settings = new PeerSettings();
    private final Http2Windows windows;
    private final Http2Timers timers;
    private @Nullable Http2Stream receiving;
    private boolean receivingEnd;
    private int receivingBytes;
    private int prefaceLeft = Frames.prefaceBytes();
    private boolean settingsSeen;
    private int lastStream;
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
        this.block = new HeaderBlock(context.headLimits().head());
        this.windows = new Http2Windows(frames);
        this.farewell = new Http2Farewell(frames);
        this.resets = new FrameBudget(200, 100, loop.now());
        this.idleFrames = new FrameBudget(1000, 200, loop.now());
        this.timers = new Http2Timers(loop, context.settings().client(), wire::deadlinePassed);
    }

    ConnectionPeer peer() {
        return peer;
    }

    /** The first bytes of the connection. */
    void begin(ByteBuffer bytes) {
        enter();
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
            while (prefaceLeft > 0 && bytes.hasRemaining()) {
                if (bytes.get() != Frames.prefaceByte(Frames.prefaceBytes() - prefaceLeft--)) {
                    throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "no HTTP/2 preface");
                }
            }
            reader.read(bytes);
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
            farewell.tell(lastStream, code);
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

    // ---- frames

    @Override
    public void frame(int type, int flags, int stream, byte[] bytes, int from, int to) throws ConnectionErrorException {
        if (block.open() && type != Frames.CONTINUATION || !settingsSeen && type != Frames.SETTINGS) {
            throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "another frame than the one that must come");
        }
        FrameRules.check(type, flags, stream, to - from);
        switch (type) {
            case Frames.HEADERS -> headers(block.headers(flags, client(stream), bytes, from, to));
            case Frames.CONTINUATION -> headers(block.continuation(flags, stream, bytes, from, to));
            case Frames.SETTINGS -> settings(flags, bytes, from, to);
            case Frames.PING -> ping(flags, bytes, from);
            case Frames.RST_STREAM -> reset(stream);
            case Frames.WINDOW_UPDATE -> windowUpdate(stream, Frames.number31(bytes, from));
            case Frames.GOAWAY -> {
                spend(idleFrames, "GOAWAYs");
                farewell.tell(lastStream, ErrorCode.NO_ERROR);
            }
            case Frames.PUSH_PROMISE ->
                throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "a push from a client");
            default -> spend(idleFrames, "frames that mean nothing here"); // PRIORITY among them
        }
    }

    private static int client(int stream) throws ConnectionErrorException {
        expect((stream & 1) == 1, ErrorCode.PROTOCOL_ERROR, "a stream that no client may open");
        return stream;
    }

    private void spend(FrameBudget budget, String what) throws ConnectionErrorException {
        expect(budget.spend(loop.now()), ErrorCode.ENHANCE_YOUR_CALM, "too many " + what);
    }

    private void headers(boolean complete) throws ConnectionErrorException {
        if (!complete) {
            timers.headBegins();
            return;
        }
        timers.headEnds();
        int id = block.stream();
        Http2Stream open = streams.find(id);
        if (open != null) {
            trailers(open);
        } else if (id <= lastStream || farewell.refuses(id)) {
            spend(resets, "headers on closed streams");
            var ignored = buffers.trailers();
            ignored.begin();
            block.decode(decoder, ignored);
        } else {
            lastStream = id;
            request(id, block.endStream());
        }
    }

    private void request(int id, boolean end) throws ConnectionErrorException {
        var request = buffers.request();
        request.begin();
        block.decode(decoder, request);
        if (streams.count() >= MOST_STREAMS) {
            spend(resets, "streams at a time");
            Frames.reset(frames, id, ErrorCode.REFUSED_STREAM);
            return;
        }
        Http2Stream kept = streams.reuse();
        Http2Stream stream = kept != null ? kept : new Http2Stream(this, context, loopState, buffers);
        streams.add(stream);
        stream.begin(id, settings.initialWindow());
        boolean good = request.end(end);
        if (!good) {
            spend(resets, "malformed requests");
        }
        farewell.served(lastStream, context.settings().client().requests());
        stream.request(request, good, end);
        after(stream);
    }

    private void trailers(Http2Stream stream) throws ConnectionErrorException {
        boolean end = block.endStream();
        var trailers = buffers.trailers();
        trailers.begin();
        block.decode(decoder, trailers);
        if (!trailers.end() || !end) {
            spend(resets, "malformed trailers");
            stream.malformed();
        } else if (!stream.end(trailers)) {
            spend(resets, "less content than announced");
        }
        after(stream);
    }

    @Override
    public void dataBegins(int stream, int length, boolean endStream) throws ConnectionErrorException {
        expect(!block.open() && settingsSeen, ErrorCode.PROTOCOL_ERROR, "DATA where another frame must come");
        expect(stream <= lastStream && (stream & 1) == 1, ErrorCode.PROTOCOL_ERROR, "DATA on an idle stream");
        expect(windows.received(length), ErrorCode.FLOW_CONTROL_ERROR, "more than the window allows");
        Http2Stream open = streams.find(stream);
        if (open == null || length == 0 && !endStream) {
            spend(idleFrames, "DATA frames without use");
        }
        receiving = open;
        receivingEnd = endStream;
        receivingBytes = length;
        if (open == null) {
            used(length);
        } else if (!open.dataBegins(length)) {
            spend(resets, "DATA frames that may not come");
            after(open);
        }
    }

    @Override
    public void data(ByteBuffer piece) throws ConnectionErrorException {
        Http2Stream stream = receiving;
        if (stream != null && !stream.closed()) {
            if (!stream.data(piece)) {
                spend(resets, "more content than announced");
            }
            after(stream);
        }
    }

    @Override
    public void dataEnds() throws ConnectionErrorException {
        Http2Stream stream = receiving;
        receiving = null;
        if (receivingBytes > 0) {
            idleFrames.earn();
        }
        if (stream != null && receivingEnd && !stream.closed()) {
            if (!stream.end(null)) {
                spend(resets, "less content than announced");
            }
            after(stream);
        }
    }

    private void settings(int flags, byte[] bytes, int from, int to) throws ConnectionErrorException {
        if (settingsSeen) {
            spend(idleFrames, "SETTINGS");
        }
        settingsSeen = true;
        if ((flags & Frames.ACK) != 0) {
            return;
        }
        int change = settings.read(bytes, from, to);
        for (int i = 0; change != 0 && i < streams.count(); i++) {
            boolean good = streams.at(i).output().widen(change);
            expect(good, ErrorCode.FLOW_CONTROL_ERROR, "a window beyond 2^31");
        }
        resume |= change > 0;
        Frames.settingsAck(frames);
    }

    private void ping(int flags, byte[] bytes, int from) throws ConnectionErrorException {
        spend(idleFrames, "PINGs");
        if ((flags & Frames.ACK) != 0) {
            farewell.answered(lastStream);
        } else {
            Frames.ping(frames, true, bytes, from);
        }
    }

    private void reset(int stream) throws ConnectionErrorException {
        expect(stream <= lastStream, ErrorCode.PROTOCOL_ERROR, "RST_STREAM of an idle stream");
        spend(resets, "resets");
        Http2Stream open = streams.find(stream);
        if (open != null) {
            open.abandon();
            after(open);
        }
    }

    private void windowUpdate(int stream, int increment) throws ConnectionErrorException {
        expect(stream <= lastStream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of an idle stream");
        Http2Stream open = stream == 0 ? null : streams.find(stream);
        if (stream == 0) {
            expect(increment > 0, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
            expect(windows.widen(increment), ErrorCode.FLOW_CONTROL_ERROR, "a window beyond 2^31");
            resume = true;
        } else if (open == null) {
            spend(idleFrames, "WINDOW_UPDATEs of closed streams");
        } else if (increment == 0 || !open.output().widen(increment)) {
            spend(resets, "wrong WINDOW_UPDATEs");
            open.abandon();
            open.fail(increment == 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR);
            after(open);
        } else if (open.output().stalled()) {
            open.sendOn();
            after(open);
        } else {
            spend(idleFrames, "WINDOW_UPDATEs");
            if (increment > 1) {
                idleFrames.earn();
            }
        }
    }

    /** A stream has been at work: if it is closed, it goes. */
    private void after(Http2Stream stream) {
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

    // ---- windows

    /** How much of a stream's window the connection's window allows. */
    int sendable(int streamWindow) {
        return windows.sendable(streamWindow);
    }

    void sent(int bytes) {
        windows.sent(bytes);
        idleFrames.earn();
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
            case HEAD -> fail(ErrorCode.ENHANCE_YOUR_CALM, "a header block that does not end");
            case IDLE -> fail(ErrorCode.NO_ERROR, "idle");
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
