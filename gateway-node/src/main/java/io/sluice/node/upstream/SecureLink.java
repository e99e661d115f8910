package io.sluice.node.upstream;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.OutBuffer;
import io.sluice.node.http.TlsBuffers;
import io.sluice.node.http.TlsChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import javax.net.ssl.SSLException;

/**
 * The TLS of a connection to an upstream: between the socket and what {@link UpstreamConnection} sends and receives. What is to
 * be sent is left in the loop's buffer for records by each method. On the loop's thread only.
 */
final class SecureLink {

    private static final byte[] NOTHING = {};

    private final EventLoop loop;
    private final TlsBuffers buffers;
    private final TlsChannel channel;
    private final boolean http2;
    private boolean computing;
    private boolean computed;
    /** What the upstream has said with the end of its handshake; HTTP/2 servers speak first. */
    private byte[] ahead = NOTHING;

    /** @param http2 whether HTTP/2 must be spoken over it */
    SecureLink(EventLoop loop, TlsTarget target, int port, boolean http2) {
        this.loop = loop;
        this.buffers = loop.tls();
        this.http2 = http2;
        this.channel = new TlsChannel(target.engine(port, http2), buffers);
    }

    /** Where records to be sent are left. */
    OutBuffer out() {
        return buffers.upstreamOut();
    }

    private OutBuffer cleared() {
        OutBuffer out = buffers.upstreamOut();
        out.clear();
        return out;
    }

    void begin() throws IOException {
        channel.begin(cleared());
    }

    /**
     * Goes on with the handshake as far as possible now.
     *
     * @param goOn run on the loop's thread when it is worth calling this again
     * @throws IOException if it has failed; a farewell may have been left to be sent
     */
    void handshake(SocketChannel socket, Runnable goOn) throws IOException {
        OutBuffer out = cleared();
        ByteBuffer plain = loop.readBuffer().clear();
        try {
            if (computed) {
                computed = false;
                computing = false;
                channel.tasksDone(plain, out);
            }
            if (!computing && !channel.wantsTasks() && !channel.established()) {
                receive(socket, plain, out);
            }
        } catch (SSLException e) {
            channel.fail(out);
            throw e;
        }
        if (plain.position() > 0) {
            if (!http2) {
                throw new SSLException("the upstream speaks before it is asked");
            }
            int before = ahead.length;
            ahead = Arrays.copyOf(ahead, before + plain.position());
            plain.flip().get(ahead, before, ahead.length - before);
        }
        if (channel.inputEnded()) {
            throw new SSLException("the upstream ended the TLS handshake");
        }
        if (http2 && channel.established() && !channel.protocol().equals("h2")) {
            throw new SSLException("the upstream does not speak HTTP/2 (ALPN)");
        }
        if (channel.wantsTasks() && !computing) {
            computing = true;
            loop.handshakes()
                    .run(
                            channel,
                            () -> loop.execute(() -> {
                                computed = true;
                                goOn.run();
                            }));
        }
    }

    private void receive(SocketChannel socket, ByteBuffer plain, OutBuffer out) throws IOException {
        ByteBuffer records = buffers.received();
        int n = socket.read(records);
        if (n < 0) {
            throw new SSLException("the upstream closed the connection during the TLS handshake");
        }
        if (n > 0) {
            channel.received(records.flip(), plain, out);
        }
    }

    /** Whether the upstream has said something already that {@link #read} gives. */
    boolean ahead() {
        return ahead.length > 0;
    }

    boolean established() {
        return channel.established();
    }

    /** Whether the handshake waits for its computations rather than for the upstream. */
    boolean computing() {
        return computing;
    }

    /** Whether the upstream has said that it sends no more. */
    boolean inputEnded() {
        return channel.inputEnded();
    }

    /** Encrypts all of the bytes. */
    void encrypt(ByteBuffer plain) throws IOException {
        if (!channel.send(plain, cleared())) {
            throw new IOException("the upstream has ended the connection");
        }
    }

    /**
     * Reads and decrypts.
     *
     * @return bytes put into the buffer, maybe none yet; -1 at the end that the upstream has said
     * @throws IOException if the connection was cut off, or broken
     */
    int read(SocketChannel socket, ByteBuffer plain) throws IOException {
        OutBuffer out = cleared();
        if (ahead.length > 0) {
            int n = Math.min(ahead.length, plain.remaining());
            plain.put(ahead, 0, n);
            ahead = Arrays.copyOfRange(ahead, n, ahead.length);
            return n;
        }
        if (channel.inputEnded()) {
            return -1;
        }
        ByteBuffer records = buffers.received();
        records.limit(Math.max(1, Math.min(records.capacity(), plain.remaining() - TlsBuffers.RECORD_BYTES)));
        int n = socket.read(records);
        if (n < 0) {
            throw new IOException("the upstream cut the connection off (no close_notify)");
        }
        int before = plain.position();
        if (n > 0) {
            channel.received(records.flip(), plain, out);
        }
        int produced = plain.position() - before;
        return produced == 0 && channel.inputEnded() ? -1 : produced;
    }

    /** Says that no more will be sent. */
    void end() {
        channel.end(cleared());
    }

    void abandon() {
        channel.abandon();
    }
}
