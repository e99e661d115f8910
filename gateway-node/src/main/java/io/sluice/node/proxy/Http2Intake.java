package io.sluice.node.proxy;

import static io.sluice.node.http2.FrameRules.expect;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http2.ConnectionErrorException;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.FrameBudget;
import io.sluice.node.http2.FrameReader;
import io.sluice.node.http2.FrameRules;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.HeaderBlock;
import io.sluice.node.http2.HpackDecoder;
import io.sluice.node.http2.PeerSettings;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client says over HTTP/2, frame by frame: gives it to the streams of its {@link Http2Connection}, and ends the connection
 * of a client that breaks the rules. Frames that bring nothing have a budget.
 *
 * <p>Streams beyond the last one that was promised to be served are read and forgotten: their fields still change the table of
 * the connection, their content its window.
 */
final class Http2Intake implements FrameReader.Handler {

    /** Content that is worth its frame, even if its stream wants it no more. */
    private static final int USEFUL_BYTES = 1024;

    private final Http2Connection connection;
    private final ProxyContext context;
    private final EventLoop loop;
    private final Http2Buffers buffers;
    private final ByteWriter frames;
    private final Http2Streams streams;
    private final Http2Windows windows;
    private final Http2Farewell farewell;
    private final Http2Timers timers;
    private final FrameReader reader = new FrameReader(this);
    private final HpackDecoder decoder = new HpackDecoder();
    private final HeaderBlock block;
    private final FrameBudget resets;
    private final FrameBudget idleFrames;
    private final PeerSettings settings = new PeerSettings();
    private @Nullable Http2Stream receiving;
    private boolean receivingEnd;
    private int receivingBytes;
    private int prefaceLeft = Frames.prefaceBytes();
    private boolean settingsSeen;
    private int lastServed;
    private int lastSeen;

    /** What the two halves of a connection share. */
    record Parts(
            ProxyContext context,
            EventLoop loop,
            Http2Buffers buffers,
            Http2Streams streams,
            Http2Windows windows,
            Http2Farewell farewell,
            Http2Timers timers) {}

    Http2Intake(Http2Connection connection, Parts parts) {
        this.connection = connection;
        this.context = parts.context();
        this.loop = parts.loop();
        this.buffers = parts.buffers();
        this.frames = buffers.frames();
        this.streams = parts.streams();
        this.windows = parts.windows();
        this.farewell = parts.farewell();
        this.timers = parts.timers();
        this.block = new HeaderBlock(context.headLimits().head());
        this.resets = new FrameBudget(200, 100, loop.now());
        this.idleFrames = new FrameBudget(1000, 200, loop.now());
    }

    /**
     * Takes all of the bytes.
     *
     * @throws ConnectionErrorException if they break the rules: the connection ends
     */
    void read(ByteBuffer bytes) throws ConnectionErrorException {
        while (prefaceLeft > 0 && bytes.hasRemaining()) {
            if (bytes.get() != Frames.prefaceByte(Frames.prefaceBytes() - prefaceLeft--)) {
                throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "no HTTP/2 preface");
            }
        }
        reader.read(bytes);
        if (prefaceLeft > 0 || reader.awaitsRest()) {
            timers.headBegins();
        }
    }

    /** The first request has come in HTTP/1.1, whole, and is stream 1. */
    void upgraded(Http2Upgrade upgrade) throws ConnectionErrorException {
        settings.read(upgrade.settings(), 0, upgrade.settings().length);
        lastSeen = 1;
        lastServed = 1;
        Http2Stream stream = connection.open();
        stream.begin(1, settings.initialWindow());
        farewell.served(lastServed, context.settings().client().requests());
        stream.upgraded(upgrade);
        connection.after(stream);
    }

    /** The last stream that was begun. */
    int lastServed() {
        return lastServed;
    }

    /** Whether the client must be told by the next header block that its table for headers stays empty. */
    boolean givesUpTable() {
        return settings.givesUpTable();
    }

    /** The client has been sent something that it wanted. */
    void brought() {
        idleFrames.earn();
    }

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
                farewell.tell(lastServed, ErrorCode.NO_ERROR);
            }
            case Frames.PUSH_PROMISE ->
                throw new ConnectionErrorException(ErrorCode.PROTOCOL_ERROR, "a push from a client");
            default -> spend(idleFrames, "frames that mean nothing here"); // PRIORITY among them
        }
        if (block.open()) {
            timers.headBegins();
        } else {
            timers.headEnds();
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
            return;
        }
        int id = block.stream();
        Http2Stream open = streams.find(id);
        if (open != null) {
            trailers(open);
        } else if (id <= lastSeen || farewell.refuses(id)) {
            lastSeen = Math.max(lastSeen, id);
            spend(resets, "headers on closed streams");
            var ignored = buffers.trailers();
            ignored.begin();
            block.decode(decoder, ignored);
        } else {
            lastSeen = id;
            lastServed = id;
            request(id, block.endStream());
        }
    }

    private void request(int id, boolean end) throws ConnectionErrorException {
        var request = buffers.request();
        request.begin();
        block.decode(decoder, request);
        if (streams.count() >= Http2Connection.MOST_STREAMS) {
            spend(resets, "streams at a time");
            Frames.reset(frames, id, ErrorCode.REFUSED_STREAM);
            return;
        }
        Http2Stream stream = connection.open();
        stream.begin(id, settings.initialWindow());
        boolean good = request.end(end);
        if (!good) {
            spend(resets, "malformed requests");
        }
        farewell.served(lastServed, context.settings().client().requests());
        stream.request(request, good, end);
        connection.after(stream);
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
        connection.after(stream);
    }

    @Override
    public void dataBegins(int stream, int length, boolean endStream) throws ConnectionErrorException {
        expect(!block.open() && settingsSeen, ErrorCode.PROTOCOL_ERROR, "DATA where another frame must come");
        timers.headEnds();
        expect(stream <= lastSeen && (stream & 1) == 1, ErrorCode.PROTOCOL_ERROR, "DATA on an idle stream");
        expect(windows.received(length), ErrorCode.FLOW_CONTROL_ERROR, "more than the window allows");
        Http2Stream open = streams.find(stream);
        if (open == null || length == 0 && !endStream) {
            spend(idleFrames, "DATA frames without use");
        }
        receiving = open;
        receivingEnd = endStream;
        receivingBytes = length;
        if (open == null) {
            windows.used(length);
        } else if (!open.dataBegins(length)) {
            spend(resets, "DATA frames that may not come");
            connection.after(open);
        }
    }

    @Override
    public void data(ByteBuffer piece) throws ConnectionErrorException {
        Http2Stream stream = receiving;
        if (stream != null && !stream.closed()) {
            if (!stream.data(piece)) {
                spend(resets, "more content than announced");
            }
            connection.after(stream);
        }
    }

    @Override
    public void dataEnds() throws ConnectionErrorException {
        Http2Stream stream = receiving;
        receiving = null;
        if (receivingBytes >= USEFUL_BYTES || receivingBytes > 0 && stream != null) {
            idleFrames.earn();
        }
        if (stream != null && receivingEnd && !stream.closed()) {
            if (!stream.end(null)) {
                spend(resets, "less content than announced");
            }
            connection.after(stream);
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
        if (change > 0) {
            connection.resume();
        }
        Frames.settingsAck(frames);
    }

    private void ping(int flags, byte[] bytes, int from) throws ConnectionErrorException {
        spend(idleFrames, "PINGs");
        if ((flags & Frames.ACK) != 0) {
            farewell.answered(lastServed);
        } else {
            Frames.ping(frames, true, bytes, from);
        }
    }

    private void reset(int stream) throws ConnectionErrorException {
        expect(stream <= lastSeen, ErrorCode.PROTOCOL_ERROR, "RST_STREAM of an idle stream");
        spend(resets, "resets");
        Http2Stream open = streams.find(stream);
        if (open != null) {
            open.abandon();
            connection.after(open);
        }
    }

    private void windowUpdate(int stream, int increment) throws ConnectionErrorException {
        expect(stream <= lastSeen, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of an idle stream");
        Http2Stream open = stream == 0 ? null : streams.find(stream);
        if (stream == 0) {
            expect(increment > 0, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
            expect(windows.widen(increment), ErrorCode.FLOW_CONTROL_ERROR, "a window beyond 2^31");
            connection.resume();
        } else if (open == null) {
            spend(idleFrames, "WINDOW_UPDATEs of closed streams");
        } else if (increment == 0 || !open.output().widen(increment)) {
            spend(resets, "wrong WINDOW_UPDATEs");
            open.abandon();
            open.fail(increment == 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR);
            connection.after(open);
        } else if (open.output().stalled()) {
            open.sendOn();
            connection.after(open);
        } else {
            spend(idleFrames, "WINDOW_UPDATEs");
            if (increment > 1) {
                idleFrames.earn();
            }
        }
    }
}
