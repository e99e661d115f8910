package io.sluice.node.upstream;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http2.ConnectionErrorException;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.FrameBudget;
import io.sluice.node.http2.FrameReader;
import io.sluice.node.http2.FrameRules;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.HeaderBlock;
import io.sluice.node.http2.HpackDecoder;
import io.sluice.node.http2.MessageFrames;
import io.sluice.node.http2.PeerSettings;
import io.sluice.node.http2.ResponseText;
import io.sluice.node.http2.TrailerText;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 on a connection to an upstream, one stream at a time: HTTP/1.1 from and to the exchange, frames from and to the socket.
 * Between exchanges the upstream may ping and set what it likes, but not speak. On the loop's thread only.
 *
 * <p>Windows: what is read from the upstream goes on to the client at once, so its windows are given back at once, and a slow
 * client stops the reading of the socket. What the upstream's windows do not allow waits here, and counts as congestion.
 * Frames that bring nothing have a budget, refilled with time and by frames that bring something.
 */
final class Http2Link implements FrameReader.Handler, MessageFrames.Target {

    private static final int WINDOW = 1024 * 1024;
    private static final int UPDATES_PER_FRAME = 4;
    private static final byte[] END = {'0', '\r', '\n', '\r', '\n'};

    private final Http2Buffers buffers;
    private final EventLoop loop;
    private final FrameBudget idleFrames;
    private final ByteWriter frames;
    private final ByteWriter text;
    private final MessageFrames request;
    private final FrameReader reader = new FrameReader(this);
    private final HpackDecoder decoder = new HpackDecoder();
    private final HeaderBlock block = new HeaderBlock(HeadLimits.RESPONSE.head());
    private final PeerSettings settings = new PeerSettings();
    private final ByteWriter held = new ByteWriter(0);
    private int heldFrom;
    private @Nullable ByteWriter heldTrailers;
    private boolean begun;
    private boolean leaving;
    private int stream = -1;
    private boolean open;
    private boolean requestEnded;
    private boolean headDone;
    private int interims;
    private boolean chunked;
    private long bodyLeft;
    private boolean receiving;
    private boolean receivingEnd;
    private int connectionWindow = Frames.WINDOW_BYTES;
    private int streamWindow;
    private int connectionUsed;
    private int streamUsed;
    private boolean unprocessed;
    private int resetCode = -1;
    private @Nullable IOException broken;

    /** @param secure whether TLS is spoken below */
    Http2Link(Http2Buffers buffers, EventLoop loop, boolean secure) {
        this.buffers = buffers;
        this.loop = loop;
        this.idleFrames = new FrameBudget(1000, 200, loop.now());
        this.frames = buffers.frames();
        this.text = buffers.text();
        this.request = MessageFrames.ofRequests(this, buffers.block(), buffers.scratch(), secure);
    }

    /** Another exchange begins. */
    void exchange() {
        stream += 2;
        open = true;
        requestEnded = false;
        headDone = false;
        interims = 0;
        streamWindow = settings.initialWindow();
        streamUsed = 0;
        held.clear();
        heldFrom = 0;
        heldTrailers = null;
        unprocessed = false;
        resetCode = -1;
        request.begin(false, false);
    }

    /** Whether the upstream has said that it has done nothing for the current exchange (RFC 9113 section 8.7). */
    boolean unprocessed() {
        return unprocessed;
    }

    /** The code, at least 0, the upstream has reset the current exchange with; -1 if it has not. */
    int resetCode() {
        return resetCode;
    }

    /** Whether another exchange can follow. */
    boolean reusable() {
        return broken == null && !leaving && !open && requestEnded && !block.open() && stream < 1 << 30;
    }

    /** Whether content waits for the upstream's windows. */
    boolean waits() {
        return held.length() > heldFrom;
    }

    /** Frames that are to be sent, once; valid until anything else is called. */
    ByteBuffer frames() {
        ByteBuffer ready = ByteBuffer.wrap(frames.array(), 0, frames.length());
        frames.trim(256 * 1024);
        return ready;
    }

    // ---- to the upstream

    /** Takes bytes of the request; {@link #frames} follows. */
    void take(ByteBuffer bytes) throws IOException {
        frames.clear(); // of a connection that failed before it could send them
        if (!begun) {
            begun = true;
            Frames.preface(frames);
            Frames.settings(
                    frames,
                    Frames.ENABLE_PUSH,
                    0,
                    Frames.INITIAL_WINDOW_SIZE,
                    WINDOW,
                    Frames.MAX_HEADER_LIST_SIZE,
                    HeadLimits.RESPONSE.head());
            Frames.windowUpdate(frames, 0, WINDOW - Frames.WINDOW_BYTES);
        }
        if (!request.take(bytes)) {
            throw new IOException("the request cannot be put into frames");
        }
    }

    @Override
    public void headers(ByteWriter fields, boolean end) {
        Frames.headers(frames, stream, fields, end, settings.givesUpTable());
        requestEnded = end;
    }

    @Override
    public void content(ByteBuffer piece) {
        if (!waits()) {
            send(piece, piece.remaining());
        }
        if (piece.hasRemaining()) {
            held.put(piece);
        }
    }

    /** Sends what the windows allow; gives how much. */
    private int send(ByteBuffer piece, int most) {
        int n = Math.max(0, Math.min(most, Math.min(streamWindow, connectionWindow)));
        Frames.data(frames, stream, piece, n);
        streamWindow -= n;
        connectionWindow -= n;
        idleFrames.earn(n == 0 ? 0 : UPDATES_PER_FRAME * (n / Frames.PAYLOAD_BYTES + 1));
        return n;
    }

    @Override
    public void end(@Nullable ByteWriter trailers) {
        if (waits()) {
            heldTrailers = trailers == null ? null : trailers.copy();
            return;
        }
        requestEnded = true;
        if (trailers == null) {
            Frames.end(frames, stream);
        } else {
            Frames.headers(frames, stream, trailers, true, settings.givesUpTable());
        }
    }

    private void sendOn() {
        int waiting = held.length() - heldFrom;
        if (waiting == 0 || !open) {
            return;
        }
        heldFrom += send(ByteBuffer.wrap(held.array(), heldFrom, waiting), waiting);
        if (!waits()) {
            held.trim(16 * 1024);
            heldFrom = 0;
            if (request.ended()) {
                end(heldTrailers);
            }
        }
    }

    /** Tells the upstream that nobody waits for its response; {@link #frames} follows. */
    boolean cancel() {
        if (open && begun) {
            Frames.reset(frames, stream, ErrorCode.CANCEL);
            open = false;
        }
        return frames.length() > 0;
    }

    // ---- from the upstream

    /**
     * Takes what was read; {@link #frames} and {@link Http2Buffers#text} follow.
     *
     * @throws IOException if the upstream breaks the rules, or the stream; once what it has said before was given
     */
    void receive(ByteBuffer bytes) throws IOException {
        frames.clear();
        text.trim(256 * 1024);
        IOException before = broken;
        if (before != null) {
            throw before;
        }
        try {
            reader.read(bytes);
        } catch (ConnectionErrorException e) {
            before = new IOException("the upstream ended the exchange or broke HTTP/2: " + e.getMessage(), e);
            broken = before;
            if (text.length() == 0) {
                throw before;
            }
        }
    }

    /** Whether the next {@link #receive} fails. */
    boolean broken() {
        return broken != null;
    }

    @Override
    public void frame(int type, int flags, int id, byte[] bytes, int from, int to) throws ConnectionErrorException {
        FrameRules.check(type, flags, id, to - from);
        FrameRules.expect(!block.open() || type == Frames.CONTINUATION, ErrorCode.PROTOCOL_ERROR, "no CONTINUATION");
        switch (type) {
            case Frames.HEADERS -> fields(id, block.headers(flags, id, bytes, from, to));
            case Frames.CONTINUATION -> fields(id, block.continuation(flags, id, bytes, from, to));
            case Frames.SETTINGS -> {
                spend("SETTINGS");
                if ((flags & Frames.ACK) == 0) {
                    widen(settings.read(bytes, from, to));
                    Frames.settingsAck(frames);
                }
            }
            case Frames.PING -> {
                spend("PINGs");
                if ((flags & Frames.ACK) == 0) {
                    Frames.ping(frames, true, bytes, from);
                }
            }
            case Frames.RST_STREAM -> reset(id, Frames.number32(bytes, from));
            case Frames.GOAWAY -> {
                spend("GOAWAYs");
                leaving = true;
                unprocessed |= open && !headDone && Frames.number31(bytes, from) < stream;
                FrameRules.expect(!open || Frames.number31(bytes, from) >= stream, ErrorCode.CANCEL, "GOAWAY");
            }
            case Frames.WINDOW_UPDATE -> {
                spend("WINDOW_UPDATEs");
                int increment = Frames.number31(bytes, from);
                if (id == 0) {
                    connectionWindow = (int) Math.min(Integer.MAX_VALUE, (long) connectionWindow + increment);
                    sendOn();
                } else if (id == stream) {
                    widen(increment);
                }
            }
            case Frames.PUSH_PROMISE -> FrameRules.expect(false, ErrorCode.PROTOCOL_ERROR, "a push");
            default -> spend("frames that mean nothing here");
        }
    }

    private void spend(String what) throws ConnectionErrorException {
        FrameRules.expect(idleFrames.spend(loop.now()), ErrorCode.ENHANCE_YOUR_CALM, "too many " + what);
    }

    private void widen(int increment) {
        streamWindow = (int) Math.min(Integer.MAX_VALUE, (long) streamWindow + increment);
        sendOn();
    }

    private void reset(int id, int code) throws ConnectionErrorException {
        spend("RST_STREAMs");
        if (id == stream) {
            if (open) {
                resetCode = code & Integer.MAX_VALUE;
                unprocessed = !headDone && code == ErrorCode.REFUSED;
            }
            FrameRules.expect(!open, ErrorCode.CANCEL, "RST_STREAM with code " + code);
            leaving |= !requestEnded;
        }
    }

    private void fields(int id, boolean complete) throws ConnectionErrorException {
        if (!complete) {
            return;
        }
        boolean end = block.endStream();
        FrameRules.expect(id == stream && open, ErrorCode.PROTOCOL_ERROR, "a response that nobody asked for");
        if (headDone) {
            trailers(end);
        } else {
            head(end);
        }
    }

    private void head(boolean end) throws ConnectionErrorException {
        ResponseText response = buffers.response();
        response.begin();
        block.decode(decoder, response);
        boolean interim = response.status() < 200;
        FrameRules.expect(
                !interim || ++interims <= HeadLimits.MOST_INTERIM,
                ErrorCode.ENHANCE_YOUR_CALM,
                "too many interim responses");
        FrameRules.expect(response.good() && !(interim && end), ErrorCode.PROTOCOL_ERROR, "a malformed response");
        response.write(text, end, request.headRequest());
        if (interim) {
            return;
        }
        headDone = true;
        boolean bodyless = request.headRequest() || response.status() == 204 || response.status() == 304;
        bodyLeft = bodyless || end && response.length() < 0 ? 0 : response.length();
        chunked = response.chunked(end, request.headRequest());
        if (end) {
            complete();
        }
    }

    private void trailers(boolean end) throws ConnectionErrorException {
        TrailerText trailers = buffers.trailers();
        trailers.begin();
        block.decode(decoder, trailers);
        FrameRules.expect(trailers.end() && end, ErrorCode.PROTOCOL_ERROR, "malformed trailers");
        if (chunked) {
            text.put(trailers.text().array(), 0, trailers.text().length());
        }
        complete();
    }

    private void complete() throws ConnectionErrorException {
        FrameRules.expect(bodyLeft <= 0, ErrorCode.PROTOCOL_ERROR, "less content than announced");
        open = false;
    }

    @Override
    public void dataBegins(int id, int length, boolean endStream) throws ConnectionErrorException {
        FrameRules.expect(!block.open(), ErrorCode.PROTOCOL_ERROR, "no CONTINUATION");
        receiving = id == stream && open;
        receivingEnd = endStream;
        FrameRules.expect(!receiving || headDone, ErrorCode.PROTOCOL_ERROR, "content without a head");
        if (!receiving || length == 0 && !endStream) {
            spend("DATA frames without use");
        } else {
            idleFrames.earn(UPDATES_PER_FRAME);
        }
        connectionUsed += length;
        if (connectionUsed >= WINDOW / 2) {
            Frames.windowUpdate(frames, 0, connectionUsed);
            connectionUsed = 0;
        }
        streamUsed += length;
        if (receiving && streamUsed >= WINDOW / 2 && !endStream) {
            Frames.windowUpdate(frames, stream, streamUsed);
            streamUsed = 0;
        }
    }

    @Override
    public void data(ByteBuffer piece) throws ConnectionErrorException {
        if (!receiving) {
            return;
        }
        if (bodyLeft >= 0) {
            bodyLeft -= piece.remaining();
            FrameRules.expect(bodyLeft >= 0, ErrorCode.PROTOCOL_ERROR, "more content than announced");
        }
        if (chunked) {
            text.putHex(piece.remaining());
            text.crlf();
            text.put(piece);
            text.crlf();
        } else {
            text.put(piece);
        }
    }

    @Override
    public void dataEnds() throws ConnectionErrorException {
        if (receiving && receivingEnd) {
            if (chunked) {
                text.put(END);
            }
            complete();
        }
        receiving = false;
    }
}
