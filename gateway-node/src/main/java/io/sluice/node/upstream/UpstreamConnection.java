package io.sluice.node.upstream;

import io.sluice.node.http.EventLoop;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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
    private @Nullable Owner owner;
    private byte @Nullable [] unsent;
    private int unsentFrom;
    private boolean connected;
    private boolean closed;
    private boolean suspect;
    private int exchanges;
    private long idleSince;
    private long sent;

    private UpstreamConnection(EventLoop loop, Endpoint endpoint, SocketChannel channel) throws IOException {
        this.loop = loop;
        this.endpoint = endpoint;
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connected = channel.connect(endpoint.address());
        key = loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    /**
     * Starts to connect.
     *
     * @throws IOException if that fails at once
     */
    static UpstreamConnection open(EventLoop loop, Endpoint endpoint) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            return new UpstreamConnection(loop, endpoint, channel);
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
        if (connected) {
            readable(true);
        }
    }

    /** Takes it from its exchange. */
    void release(long now) {
        owner = null;
        idleSince = now;
        readable(true);
    }

    @Override
    public void ready(int operations) {
        Owner current = owner;
        if (current != null) {
            current.upstreamReady(operations);
        } else {
            close();
        }
    }

    /** Completes connecting after {@link SelectionKey#OP_CONNECT}; gives whether it is connected now. */
    public boolean finishConnect() throws IOException {
        if (!connected && channel.finishConnect()) {
            connected = true;
            key.interestOps(unsent == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        return connected;
    }

    public boolean connected() {
        return connected;
    }

    /**
     * Sends the bytes, keeping a copy of what the socket does not take yet. Before it is connected everything is kept.
     *
     * @return whether everything went out; if not, wait for {@link SelectionKey#OP_WRITE} and {@link #flush}
     */
    public boolean write(ByteBuffer bytes) throws IOException {
        if (connected && unsent == null) {
            sent += channel.write(bytes);
        }
        if (!bytes.hasRemaining()) {
            return unsent == null;
        }
        keep(bytes);
        if (connected) {
            writable(true);
        }
        return false;
    }

    /** Sends what was kept; gives whether everything went out. */
    public boolean flush() throws IOException {
        byte[] rest = unsent;
        if (rest == null) {
            writable(false);
            return true;
        }
        ByteBuffer buffer = loop.readBuffer();
        buffer.clear();
        buffer.put(rest, unsentFrom, Math.min(rest.length - unsentFrom, buffer.capacity()))
                .flip();
        int n = channel.write(buffer);
        sent += n;
        unsentFrom += n;
        if (unsentFrom < rest.length) {
            writable(true);
            return false;
        }
        unsent = null;
        writable(false);
        return true;
    }

    /** Nothing more can be sent; what the peer has said before may still be read. */
    public void abandonOutput() {
        unsent = null;
        writable(false);
        readable(true);
    }

    /** Whether bytes wait to be sent. */
    public boolean congested() {
        return unsent != null;
    }

    private void keep(ByteBuffer bytes) {
        byte[] rest = unsent;
        int before = rest == null ? 0 : rest.length - unsentFrom;
        byte[] next = new byte[before + bytes.remaining()];
        if (rest != null) {
            System.arraycopy(rest, unsentFrom, next, 0, before);
        }
        bytes.get(next, before, bytes.remaining());
        unsent = next;
        unsentFrom = 0;
    }

    /** Bytes handed to the system in the current exchange. */
    public long sent() {
        return sent;
    }

    /** Reads into the buffer; -1 at the end. */
    public int read(ByteBuffer buffer) throws IOException {
        return channel.read(buffer);
    }

    /** Whether the exchange wants to be told of bytes. */
    public void readable(boolean on) {
        interest(SelectionKey.OP_READ, on);
    }

    private void writable(boolean on) {
        interest(SelectionKey.OP_WRITE, on);
    }

    private void interest(int operation, boolean on) {
        if (!key.isValid() || !connected) {
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
        channel.shutdownOutput();
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
        suspect = true;
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

    long idleSince() {
        return idleSince;
    }

    public boolean closed() {
        return closed;
    }

    /** Ends it. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        owner = null;
        unsent = null;
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // nothing can be done about a socket that does not close
        }
    }
}
