package io.sluice.node.upstream;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream, used by one exchange at a time and kept between exchanges in its loop's pool. Everything
 * happens on that loop's thread. While nobody uses it, any sign of life from the peer ends it: it has either left or said
 * something that nobody asked for.
 */
public final class UpstreamConnection implements EventLoop.ReadyHandler {

    /** Who uses the connection; told on the loop's thread that operations of {@link SelectionKey} are ready. */
    public interface Owner {
        void upstreamReady(int operations);
    }

    private final EventLoop loop;
    private final Endpoint endpoint;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final @Nullable TlsTarget tls;
    private final @Nullable SecureLink link;
    private final @Nullable Http2Buffers http2Buffers;
    private final @Nullable Http2Link http2;
    private final long openedAt;
    private @Nullable Owner owner;
    private @Nullable UpstreamPool pool;
    private byte @Nullable [] unsent;
    private int unsentFrom;
    /** What is to be encrypted when the handshake is complete. */
    private byte @Nullable [] early;

    private boolean reached;
    private boolean connected;
    private boolean closed;
    private boolean suspect;
    private int exchanges;
    private long idleSince;
    private long sent;

    private UpstreamConnection(
            EventLoop loop,
            Endpoint endpoint,
            @Nullable TlsTarget tls,
            @Nullable Http2Buffers http2Buffers,
            SocketChannel channel)
            throws IOException {
        this.loop = loop;
        this.endpoint = endpoint;
        this.channel = channel;
        this.tls = tls;
        this.http2Buffers = http2Buffers;
        this.http2 = http2Buffers == null ? null : new Http2Link(http2Buffers, loop, tls != null);
        this.openedAt = loop.now();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        reached = channel.connect(endpoint.address());
        connected = reached && tls == null;
        key = loop.register(channel, reached ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        link = tls == null ? null : new SecureLink(loop, tls, endpoint.port(), http2 != null);
        if (link != null && reached) {
            link.begin();
            sendRecords(link);
        }
    }

    /**
     * Starts to connect.
     *
     * @param http2 what is shared by connections that speak HTTP/2; null for HTTP/1.1
     * @throws IOException if that fails at once
     */
    static UpstreamConnection open(
            EventLoop loop, Endpoint endpoint, @Nullable TlsTarget tls, @Nullable Http2Buffers http2)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            return new UpstreamConnection(loop, endpoint, tls, http2, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives it to an exchange. */
    void lease(Owner newOwner) {
        owner = newOwner;
        exchanges++;
        sent = 0;
        Http2Link frames = http2;
        if (frames != null) {
            frames.exchange();
        }
        if (connected) {
            readable(true);
        }
    }

    /** Takes it from its exchange; the pool is told if it ends. */
    void release(UpstreamPool to, long now) {
        owner = null;
        pool = to;
        idleSince = now;
        readable(true);
    }

    @Override
    public void ready(int operations) {
        Owner current = owner;
        if (current != null) {
            current.upstreamReady(operations);
        } else if (http2 == null || !heeded(http2)) {
            close();
            if (pool != null) {
                pool.ended(this);
            }
        }
    }

    /** Between exchanges an HTTP/2 upstream may say something about the connection; gives whether it lives on. */
    private boolean heeded(Http2Link frames) {
        try {
            ByteBuffer nothing = ByteBuffer.allocate(0);
            if (unsent != null) {
                flush();
            }
            return read(frames, nothing) >= 0 && frames.reusable();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Goes on connecting when an operation is ready; gives whether it is connected now, TLS included. {@link #flush} follows
     * then.
     */
    public boolean finishConnect() throws IOException {
        SecureLink secure = link;
        if (!reached && channel.finishConnect()) {
            reached = true;
            if (secure != null) {
                secure.begin();
                sendRecords(secure);
            }
        } else if (reached && !connected && secure != null) {
            shakeHands(secure);
        }
        connected = reached && (secure == null || secure.established());
        if (reached) {
            int reading = secure != null && secure.computing() ? 0 : SelectionKey.OP_READ;
            key.interestOps(congested() && connected || unsent != null ? reading | SelectionKey.OP_WRITE : reading);
        }
        Owner current = owner;
        if (connected && secure != null && secure.ahead() && current != null) {
            current.upstreamReady(SelectionKey.OP_READ); // it came with the end of the handshake
        }
        return connected;
    }

    private void shakeHands(SecureLink secure) throws IOException {
        if (unsent != null) {
            sendRest();
        }
        try {
            secure.handshake(channel, this::handshakeGoesOn);
        } catch (IOException e) {
            tell(() -> sendRecords(secure));
            throw e;
        }
        sendRecords(secure);
    }

    private void handshakeGoesOn() {
        Owner current = owner;
        if (current != null && !closed) {
            current.upstreamReady(SelectionKey.OP_CONNECT);
        }
    }

    public boolean connected() {
        return connected;
    }

    /** Milliseconds since it was begun. */
    public long ageMillis() {
        return (loop.now() - openedAt) / 1_000_000;
    }

    /** What its TLS asks the upstream for; "" without TLS. */
    public String tlsHost() {
        return tls == null ? "" : tls.host();
    }

    /** Whom its TLS was made for; null without TLS. */
    @Nullable
    TlsTarget tls() {
        return tls;
    }

    /**
     * Sends the bytes, keeping a copy of what the socket does not take yet. Before it is connected everything is kept.
     *
     * @return whether everything went out; if not, wait for {@link SelectionKey#OP_WRITE} and {@link #flush}
     */
    public boolean write(ByteBuffer bytes) throws IOException {
        Http2Link frames = http2;
        if (frames == null) {
            return writePlain(bytes);
        }
        frames.take(bytes);
        return writePlain(frames.frames()) && !frames.waits();
    }

    private boolean writePlain(ByteBuffer bytes) throws IOException {
        SecureLink secure = link;
        if (secure == null) {
            return send(bytes);
        }
        if (!connected) {
            early = Leftover.joined(early, 0, bytes);
            return false;
        }
        secure.encrypt(bytes);
        return send(secure.out().flip());
    }

    private void sendRecords(SecureLink secure) throws IOException {
        if (!secure.out().isEmpty()) {
            send(secure.out().flip());
            secure.out().clear();
        }
    }

    private boolean send(ByteBuffer bytes) throws IOException {
        if (reached && unsent == null) {
            count(channel.write(bytes));
        }
        if (!bytes.hasRemaining()) {
            return unsent == null;
        }
        unsent = Leftover.joined(unsent, unsentFrom, bytes);
        unsentFrom = 0;
        if (reached) {
            writable(true);
        }
        return false;
    }

    /** What a handshake sends is not of the exchange. */
    private void count(int bytes) {
        if (connected) {
            sent += bytes;
        }
    }

    /** Sends what was kept; gives whether everything went out. */
    public boolean flush() throws IOException {
        byte[] waiting = early;
        SecureLink secure = link;
        if (waiting != null && connected && secure != null) {
            early = null;
            secure.encrypt(ByteBuffer.wrap(waiting));
            send(secure.out().flip());
        }
        if (unsent != null) {
            sendRest();
        }
        writable(unsent != null);
        return unsent == null;
    }

    private void sendRest() throws IOException {
        byte[] rest = unsent;
        if (rest == null) {
            return;
        }
        ByteBuffer buffer = loop.readBuffer();
        buffer.clear();
        buffer.put(rest, unsentFrom, Math.min(rest.length - unsentFrom, buffer.capacity()))
                .flip();
        int n = channel.write(buffer);
        count(n);
        unsentFrom += n;
        if (unsentFrom == rest.length) {
            unsent = null;
        }
    }

    /** Nothing more can be sent; what the peer has said before may still be read. */
    public void abandonOutput() {
        unsent = null;
        early = null;
        writable(false);
        readable(true);
    }

    /** Whether bytes wait to be sent. */
    public boolean congested() {
        return unsent != null || early != null || http2 != null && http2.waits();
    }

    /** Bytes handed to the system in the current exchange. */
    public long sent() {
        return sent;
    }

    /** Reads into the buffer; -1 at the end. */
    public int read(ByteBuffer buffer) throws IOException {
        Http2Link frames = http2;
        return frames == null ? readPlain(buffer) : read(frames, buffer);
    }

    private int read(Http2Link frames, ByteBuffer buffer) throws IOException {
        Http2Buffers buffers = Objects.requireNonNull(http2Buffers);
        ByteBuffer received = buffers.received();
        int n = readPlain(received);
        frames.receive(received.flip());
        ByteBuffer answer = frames.frames();
        if (answer.hasRemaining()) {
            writePlain(answer);
        }
        ByteWriter text = buffers.text();
        if (text.length() > buffer.remaining()) {
            throw new IOException("the upstream's headers unfold to too much");
        }
        buffer.put(text.array(), 0, text.length());
        readBroken();
        return n < 0 && text.length() == 0 ? n : text.length();
    }

    private int readPlain(ByteBuffer buffer) throws IOException {
        SecureLink secure = link;
        if (secure == null) {
            return channel.read(buffer);
        }
        int n = secure.read(channel, buffer);
        sendRecords(secure);
        Owner current = owner;
        if (n > 0 && (secure.inputEnded() || secure.ahead()) && current != null) {
            current.upstreamReady(SelectionKey.OP_READ); // the rest, or the end, will be read next
        }
        return n;
    }

    /** Whether the exchange wants to be told of bytes. */
    public void readable(boolean on) {
        interest(SelectionKey.OP_READ, on);
        if (on) {
            readBroken();
        }
    }

    /** What came before the failure was given; the failure will be read next, and no event of the socket tells so. */
    private void readBroken() {
        Owner current = owner;
        if (http2 != null && http2.broken() && current != null) {
            current.upstreamReady(SelectionKey.OP_READ);
        }
    }

    private void writable(boolean on) {
        interest(SelectionKey.OP_WRITE, on);
    }

    private void interest(int operation, boolean on) {
        if (!key.isValid() || !reached) {
            return;
        }
        int before = key.interestOps();
        int after = on ? before | operation : before & ~operation;
        if (after != before) {
            key.interestOps(after);
        }
    }

    /** Sends the end of the stream and goes on reading. */
    public void shutdownOutput() throws IOException {
        SecureLink secure = link;
        if (secure == null) {
            channel.shutdownOutput();
        } else {
            secure.end();
            sendRecords(secure);
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Exchanges served, the current one included. */
    public int exchanges() {
        return exchanges;
    }

    /** Whether an exchange before the current one used it. */
    public boolean reused() {
        return exchanges > 1;
    }

    /** The exchange's response must not have had a body: what comes now would be one all the same. */
    public void expectNothing() {
        suspect = http2 == null; // frames say whose they are
    }

    /** Whether the peer has said something, or left, since the last exchange; asked before the next one begins. */
    boolean spoiled() {
        if (!suspect) {
            return false;
        }
        suspect = false;
        try {
            return channel.read(ByteBuffer.allocate(1)) != 0; // the loop's buffer may hold the request's body now
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether it can serve another exchange. */
    boolean reusable() {
        return http2 == null || http2.reusable();
    }

    /** Whether the upstream has said that it has done nothing for the current exchange: so it can be sent again. */
    public boolean unprocessed() {
        return http2 != null && http2.unprocessed();
    }

    /** The code of HTTP/2 that the upstream has ended the current exchange with; -1 if it has not. */
    public int resetCode() {
        return http2 == null ? -1 : http2.resetCode();
    }

    /** Whether it speaks HTTP/2. */
    boolean speaksHttp2() {
        return http2 != null;
    }

    long idleSince() {
        return idleSince;
    }

    public boolean closed() {
        return closed;
    }

    private interface LastWord {
        void say() throws IOException;
    }

    /** Tells the upstream why it ends, if the socket takes it at once. */
    private static void tell(LastWord word) {
        try {
            word.say();
        } catch (IOException e) {
            // an upstream that is gone need not be told
        }
    }

    /** Ends it. */
    public void close() {
        if (closed) {
            return;
        }
        SecureLink secure = link;
        Http2Link frames = http2;
        if (frames != null && connected && unsent == null && frames.cancel()) {
            tell(() -> writePlain(frames.frames()));
        }
        if (secure != null) {
            if (connected && unsent == null) {
                secure.end();
                tell(() -> sendRecords(secure));
            }
            secure.abandon();
        }
        closed = true;
        owner = null;
        unsent = null;
        early = null;
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // nothing can be done about a socket that does not close
        }
    }
}
