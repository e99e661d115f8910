package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * One keep-alive connection that repeats one request, for the thread of its selector. If the other side closes it between
 * two answers it is opened again, and a request that had no byte of an answer yet is sent again with its old due time.
 */
final class KeptConnection {
    private static final int MAX_HEAD = 16 * 1024;

    private final Selector selector;
    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
    private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);

    private SocketChannel channel;
    private boolean waiting;
    private long due;
    private long bodyLeft = -1;
    private boolean ok;
    private int reopened;

    KeptConnection(Selector selector, InetSocketAddress address, byte[] request) throws IOException {
        this.selector = selector;
        this.address = address;
        this.request = ByteBuffer.wrap(request);
        this.channel = open();
    }

    /** @param due when the request should have left, by {@link System#nanoTime()} */
    void send(long due) throws IOException {
        this.due = due;
        waiting = true;
        write();
    }

    long due() {
        return due;
    }

    /** Whether the last answer was a 200. */
    boolean isOk() {
        return ok;
    }

    /** How often the connection was opened again since the last call. */
    int takeReopened() {
        int count = reopened;
        reopened = 0;
        return count;
    }

    /** Reads what there is and returns whether the answer is complete with it. */
    boolean receive() throws IOException {
        input.clear();
        int count = read();
        if (count < 0) {
            reopen();
            return false;
        }
        input.flip();
        if (bodyLeft < 0) {
            readHead();
        }
        if (bodyLeft >= 0) {
            bodyLeft -= input.remaining();
        }
        if (bodyLeft != 0) {
            return false;
        }
        bodyLeft = -1;
        head.clear();
        waiting = false;
        return true;
    }

    private int read() {
        try {
            return channel.read(input);
        } catch (IOException e) {
            return -1; // reset
        }
    }

    /** A request is far smaller than a socket's buffer that the last answer has emptied. */
    private void write() throws IOException {
        request.rewind();
        try {
            channel.write(request);
        } catch (IOException e) {
            reopen();
            return;
        }
        if (request.hasRemaining()) {
            throw new IOException("request was not taken whole");
        }
    }

    private void reopen() throws IOException {
        channel.close();
        if (waiting && (head.position() > 0 || bodyLeft >= 0)) {
            throw new IOException("connection ended inside an answer");
        }
        reopened++;
        channel = open();
        if (waiting) {
            write();
        }
    }

    private SocketChannel open() throws IOException {
        var opened = SocketChannel.open(address);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.configureBlocking(false);
        opened.register(selector, SelectionKey.OP_READ, this);
        return opened;
    }

    private void readHead() throws IOException {
        while (input.hasRemaining()) {
            head.put(input.get());
            if (endsWithEmptyLine()) {
                var text = new String(head.array(), 0, head.position(), ISO_8859_1);
                ok = text.startsWith("HTTP/1.1 200");
                bodyLeft = lengthIn(text);
                return;
            }
        }
    }

    private boolean endsWithEmptyLine() {
        int at = head.position();
        return at >= 4
                && head.get(at - 1) == '\n'
                && head.get(at - 2) == '\r'
                && head.get(at - 3) == '\n'
                && head.get(at - 4) == '\r';
    }

    private static long lengthIn(String head) throws IOException {
        var name = "\r\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw new IOException("answer without Content-Length: " + head);
        }
        int from = at + name.length();
        return Long.parseLong(head.substring(from, head.indexOf('\r', from)).trim());
    }
}
