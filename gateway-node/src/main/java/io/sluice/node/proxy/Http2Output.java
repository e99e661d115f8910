package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.MessageFrames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The response of an HTTP/2 stream on its way to the client: as HTTP/1.1 in, as frames out, as fast as the client's windows
 * allow. What they do not allow waits here; nothing more is read for it meanwhile. Reused.
 */
final class Http2Output implements MessageFrames.Target {

    private static final int KEPT_BYTES = 16 * 1024;

    private final Http2Connection connection;
    private final ByteWriter frames;
    private final EventLoop loop;
    private final MessageFrames response;
    private final ByteWriter unsent = new ByteWriter(0);
    private int unsentFrom;
    private @Nullable ByteWriter unsentTrailers;
    private int id;
    private int window;
    private boolean endSent;
    private boolean paused;
    private long stalledSince;

    Http2Output(Http2Connection connection, Http2Buffers buffers, EventLoop loop) {
        this.connection = connection;
        this.frames = buffers.frames();
        this.loop = loop;
        this.response = MessageFrames.ofResponses(this, buffers.block(), buffers.scratch());
    }

    void begin(int stream, int newWindow) {
        id = stream;
        window = newWindow;
        endSent = false;
        paused = false;
        unsentTrailers = null;
    }

    /** A response follows to HEAD, or to gRPC, or to neither. */
    void answers(boolean toHead, boolean toGrpc) {
        response.begin(toHead, toGrpc);
    }

    /** Takes bytes of the response; gives false if they are none. */
    boolean take(ByteBuffer bytes) {
        return response.take(bytes);
    }

    /** Whether all of the response has come here. */
    boolean ended() {
        return response.ended();
    }

    /** Whether the client has been sent all. */
    boolean endSent() {
        return endSent;
    }

    @Override
    public void headers(ByteWriter block, boolean end) {
        Frames.headers(frames, id, block, end, connection.givesUpTable());
        endSent = end;
    }

    @Override
    public void content(ByteBuffer piece) {
        if (waiting() == 0) {
            write(piece, Math.min(piece.remaining(), connection.sendable(window)));
            stalledSince = loop.now();
        }
        if (piece.hasRemaining()) {
            connection.heldBack(piece.remaining());
            connection.awaitsClient();
            unsent.put(piece);
        }
    }

    private void write(ByteBuffer piece, int n) {
        if (n > 0) {
            Frames.data(frames, id, piece, n);
            window -= n;
            connection.sent(n);
        }
    }

    @Override
    public void end(@Nullable ByteWriter trailers) {
        if (waiting() > 0) {
            unsentTrailers = trailers == null ? null : trailers.copy();
        } else if (trailers == null) {
            Frames.end(frames, id);
            endSent = true;
        } else {
            Frames.headers(frames, id, trailers, true, connection.givesUpTable());
            endSent = true;
        }
    }

    private int waiting() {
        return unsent.length() - unsentFrom;
    }

    /** Sends of what waits what the windows allow; gives whether nothing waits. */
    boolean sendOn() {
        int waiting = waiting();
        if (waiting == 0) {
            return true;
        }
        int n = Math.min(waiting, connection.sendable(window));
        if (n <= 0) {
            return false;
        }
        write(ByteBuffer.wrap(unsent.array(), unsentFrom, n), n);
        unsentFrom += n;
        connection.heldBack(-n);
        stalledSince = loop.now();
        if (n < waiting) {
            return false;
        }
        forget();
        if (response.ended()) {
            end(unsentTrailers);
        }
        return true;
    }

    /** The client allows more; gives false if that is more than a window can be. */
    boolean widen(int increment) {
        if ((long) window + increment > Integer.MAX_VALUE) {
            return false;
        }
        window += increment;
        return true;
    }

    /** Whether content can be sent at once; if not, it is remembered that somebody wanted to. */
    boolean ready() {
        boolean ready = waiting() == 0 && connection.ready(window);
        if (!ready && !paused) {
            paused = true;
            stalledSince = loop.now();
            connection.awaitsClient();
        }
        return ready;
    }

    /** Whether somebody wanted to send and could not, and now can. */
    boolean resumes() {
        boolean resumes = paused && waiting() == 0 && connection.ready(window);
        paused &= !resumes;
        return resumes;
    }

    /** Whether it waits for the client. */
    boolean stalled() {
        return waiting() > 0 || paused;
    }

    /** Whether it has waited for the client since before that moment. */
    boolean stalledBefore(long moment) {
        return stalled() && stalledSince - moment < 0;
    }

    /** Throws away what waits; gives how many bytes that were. */
    int forget() {
        int waiting = waiting();
        unsent.trim(KEPT_BYTES);
        unsentFrom = 0;
        return waiting;
    }
}
