package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An upstream that answers every GET with 128 bytes, on the thread of the client that caused it. Were it a process of its
 * own on the client's core, what is measured at a fixed rate would be how the kernel takes turns between the two.
 */
final class LocalUpstream implements ReadyChannel {
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final ByteBuffer input = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(512);
    private final Selector selector;
    private final ServerSocketChannel listener;

    LocalUpstream(Selector selector, int port) throws IOException {
        this.selector = selector;
        answer.put(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 128\r\n\r\n" + "x".repeat(128))
                .getBytes(ISO_8859_1));
        answer.flip();
        listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT, this);
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    @Override
    public void ready() throws IOException {
        for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        }
    }

    private final class Connection implements ReadyChannel {
        private final SocketChannel channel;
        private int matched;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void ready() throws IOException {
            try {
                input.clear();
                if (channel.read(input) < 0) {
                    channel.close();
                    return;
                }
                input.flip();
                while (input.hasRemaining()) {
                    byte next = input.get();
                    matched = next == END[matched] ? matched + 1 : next == '\r' ? 1 : 0;
                    if (matched == END.length) {
                        matched = 0;
                        answer();
                    }
                }
            } catch (IOException e) {
                channel.close(); // the proxy left; it will open another one
            }
        }

        private void answer() throws IOException {
            answer.rewind();
            channel.write(answer);
            if (answer.hasRemaining()) {
                throw new IOException("answer was not taken whole");
            }
        }
    }
}
