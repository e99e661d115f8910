package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.proxy.UpstreamCall.Waiting;
import io.sluice.node.upstream.Endpoint;
import io.sluice.node.upstream.TlsTarget;
import io.sluice.node.upstream.UpstreamConnection;
import io.sluice.node.upstream.UpstreamPool;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One try of a request: the connection that carries it, and how sending goes. Reused for one try after the other. */
final class Attempt implements UpstreamConnection.Owner {

    /** Of the bits in which a client's end is told what is ready, those of a second try begin here. */
    static final int SECOND = 8;

    private static final int OPERATIONS = 0xFF;

    private final ClientPort port;
    private final EventLoop loop;
    private final UpstreamPool pool;
    private final int shift;
    private @Nullable Endpoint endpoint;
    private @Nullable UpstreamConnection connection;
    private boolean writeFailed;
    private long began;
    private long heard;
    private @Nullable ByteWriter kept;

    /**
     * @param port is told when the connection is ready
     * @param shift 0 or {@link #SECOND}
     */
    Attempt(ClientPort port, LoopState state, int shift) {
        this.port = port;
        this.loop = state.loop();
        this.pool = state.pool();
        this.shift = shift;
    }

    /**
     * Takes or begins a connection; gives false if that fails at once.
     *
     * @param fresh whether it must not have been used before
     */
    boolean connect(Endpoint to, @Nullable TlsTarget tls, boolean http2, boolean fresh) {
        writeFailed = false;
        endpoint = to;
        began = loop.now();
        heard = began;
        UpstreamConnection idle = fresh ? null : pool.take(to, tls, http2, this);
        try {
            connection = idle != null ? idle : pool.connect(to, tls, http2, this);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void upstreamReady(int operations) {
        port.upstreamReady(operations << shift);
    }

    /** What is ready here of all that is ready. */
    int operations(int all) {
        return all >>> shift & OPERATIONS;
    }

    /** Where it goes; null before the first one. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    /** When it began, as {@link System#nanoTime}. */
    long began() {
        return began;
    }

    /** Something has been sent or received, or what is waited for has changed. */
    void heard() {
        heard = loop.now();
    }

    /** Milliseconds that are left of the service's limit for what is waited for; may be 0 or less. */
    long leftMillis(@Nullable Service service, boolean requestSent) {
        Waiting waiting = waiting(requestSent);
        long limit = CallLimits.millis(service, connection, waiting);
        return waiting == Waiting.CONNECT ? limit : limit - (loop.now() - heard) / 1_000_000;
    }

    /** Keeps what of a head has been read while another try is at hand; null for nothing. */
    void keep(@Nullable ByteWriter partialHead) {
        kept = partialHead;
    }

    @Nullable
    ByteWriter kept() {
        return kept;
    }

    /** The connection; null while there is none. */
    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    /** Whether some of the request could not be sent: what the upstream has said before may still be read. */
    boolean writeFailed() {
        return writeFailed;
    }

    /** The connection is of no more use once this exchange has ended. */
    void spoil() {
        writeFailed = true;
    }

    void write(ByteBuffer bytes) {
        UpstreamConnection to = connection;
        if (to == null) {
            return;
        }
        heard();
        try {
            to.write(bytes);
        } catch (IOException e) {
            // the response may have been sent before the connection was closed: reading tells
            bytes.position(bytes.limit());
            writeFailed = true;
            to.abandonOutput();
        }
    }

    /** The socket can take more. */
    void flush() {
        UpstreamConnection to = connection;
        if (to == null) {
            return;
        }
        try {
            to.flush();
        } catch (IOException e) {
            writeFailed = true;
            to.abandonOutput();
        }
    }

    /** Tells the upstream that no more will be sent. */
    void endOutput() throws IOException {
        UpstreamConnection to = connection;
        if (to != null) {
            to.shutdownOutput();
        }
    }

    /** Reads what has arrived as soon as there is something. */
    void resumeReading() {
        heard();
        UpstreamConnection from = connection;
        if (from != null && from.connected()) {
            from.readable(true);
        }
    }

    /** Whether the upstream takes bytes at the moment. */
    boolean accepts() {
        UpstreamConnection to = connection;
        return to != null && !to.congested();
    }

    /** @param requestSent whether the whole request has been read from the client */
    Waiting waiting(boolean requestSent) {
        UpstreamConnection to = connection;
        if (to == null) {
            return Waiting.NOTHING;
        }
        if (!to.connected()) {
            return Waiting.CONNECT;
        }
        if (to.congested()) {
            return Waiting.SEND;
        }
        return requestSent ? Waiting.RESPONSE : Waiting.CLIENT;
    }

    /** Gives the connection away. */
    @Nullable
    UpstreamConnection release() {
        UpstreamConnection held = connection;
        connection = null;
        return held;
    }

    /** Ends the connection, if there is one. */
    void discard() {
        UpstreamConnection held = release();
        if (held != null) {
            pool.discard(held);
        }
    }
}
