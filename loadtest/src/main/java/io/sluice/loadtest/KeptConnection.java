package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * One keep-alive connection that repeats one request, for the thread of its selector. If the other side closes it between
 * two answers it is opened again, and a request that had no byte of an answer yet is sent again with its old due time.
 */
final class KeptConnection implements ReadyChannel {
    private static final int MAX_HEAD = 16 * 1024;
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(ISO_8859_1);
    private static final byte[] OK = "http/1.1 200".getBytes(ISO_8859_1);

    private final Selector selector;
    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final Consumer<KeptConnection> onAnswer;
    private final ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
    private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);

    private SocketChannel channel;
    private boolean waiting;
    private long due;
    private long bodyLeft = -1;
    private boolean ok;
    private int reopened;

    /** @param onAnswer called with this connection when an answer is complete */
    KeptConnection(Selector selector, InetSocketAddress address, byte[] request, Consumer<KeptConnection> onAnswer)
            throws IOException {
        this.selector = selector;
        this.address = address;
        this.request = ByteBuffer.allocateDirect(request.length).put(request);
        this.onAnswer = onAnswer;
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

    @Override
    public void ready() throws IOException {
        input.clear();
        int count = read();
        if (count < 0) {
            reopen();
            return;
        }
        input.flip();
        if (bodyLeft < 0) {
            readHead();
        }
        if (bodyLeft >= 0) {
            bodyLeft -= input.remaining();
        }
        if (bodyLeft == 0) {
            bodyLeft = -1;
            head.clear();
            waiting = false;
            onAnswer.accept(this);
        }
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
                ok = startsWith(OK, 0);
                bodyLeft = lengthInHead();
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

    private long lengthInHead() throws IOException {
        int last = head.position() - LENGTH.length;
        for (int at = 0; at < last; at++) {
            if (startsWith(LENGTH, at)) {
                return number(at + LENGTH.length);
            }
        }
        throw new IOException(
                "answer without Content-Length: " + new String(head.array(), 0, head.position(), ISO_8859_1));
    }

    private long number(int from) {
        long number = 0;
        for (int at = from; head.get(at) != '\r'; at++) {
            if (head.get(at) != ' ') {
                number = number * 10 + head.get(at) - '0';
            }
        }
        return number;
    }

    /** Whether these bytes, letters in lower case, stand there in any case. */
    private boolean startsWith(byte[] wanted, int from) {
        for (int i = 0; i < wanted.length; i++) {
            byte is = head.get(from + i);
            if (is != wanted[i] && (is < 'A' || is > 'Z' || is + 32 != wanted[i])) {
                return false;
            }
        }
        return true;
    }
}
