package io.sluice.node.proxy;

import io.sluice.node.proxy.UpstreamCall.Waiting;
import io.sluice.node.upstream.Endpoint;
import io.sluice.node.upstream.TlsTarget;
import io.sluice.node.upstream.UpstreamConnection;
import io.sluice.node.upstream.UpstreamPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One try of a request: the connection that carries it, and how sending goes. Reused for one try after the other. */
final class Attempt implements UpstreamConnection.Owner {

    private final ClientPort port;
    private final UpstreamPool pool;
    private @Nullable UpstreamConnection connection;
    private boolean writeFailed;

    /** @param port is told when the connection is ready */
    Attempt(ClientPort port, UpstreamPool pool) {
        this.port = port;
        this.pool = pool;
    }

    /**
     * Takes or begins a connection; gives false if that fails at once.
     *
     * @param fresh whether it must not have been used before
     */
    boolean connect(Endpoint endpoint, @Nullable TlsTarget tls, boolean http2, boolean fresh) {
        writeFailed = false;
        UpstreamConnection idle = fresh ? null : pool.take(endpoint, tls, http2, this);
        try {
            connection = idle != null ? idle : pool.connect(endpoint, tls, http2, this);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void upstreamReady(int operations) {
        port.upstreamReady(operations);
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
