package io.sluice.node.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An upstream that says exactly the bytes a test wants: each accepted connection runs the script on its own thread. */
public final class RawUpstream implements AutoCloseable {

    /** What to do with a connection. */
    public interface Script {
        void run(Peer peer) throws IOException;
    }

    /** One accepted connection. */
    public static final class Peer {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final RawUpstream upstream;

        Peer(Socket socket, RawUpstream upstream) throws IOException {
            this.socket = socket;
            this.upstream = upstream;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** The next request head with its empty line, one char per byte; "" at the end of the connection. */
        public String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int match = 0;
            while (match < 4) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                head.write(b);
                match = b == "\r\n\r\n".charAt(match) ? match + 1 : b == '\r' ? 1 : 0;
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            upstream.heads.add(text);
            return text;
        }

        /** Exactly that many bytes. */
        public byte[] read(int length) throws IOException {
            return in.readNBytes(length);
        }

        /** One byte, -1 at the end. */
        public int read() throws IOException {
            return in.read();
        }

        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        public void close() throws IOException {
            socket.close();
        }

        /** Ends the connection with a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        public Socket socket() {
            return socket;
        }
    }

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    private RawUpstream(ServerSocket server, Script script) {
        this.server = server;
        Thread acceptor = new Thread(() -> acceptLoop(script), "raw-upstream");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Starts an upstream. */
    public static RawUpstream start(Script script) {
        try {
            return new RawUpstream(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an upstream that speaks TLS; its peers' sockets are {@link SSLSocket}s. */
    public static RawUpstream startTls(SSLContext context, Script script) {
        try {
            return new RawUpstream(
                    context.getServerSocketFactory().createServerSocket(0, 1000, InetAddress.getLoopbackAddress()),
                    script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers every request (without a body) with these bytes, keeping connections alive. */
    public static RawUpstream answering(String response) {
        return start(peer -> {
            while (!peer.readHead().isEmpty()) {
                peer.write(response);
            }
        });
    }

    /** An upstream that answers 200 with a small body. */
    public static RawUpstream ok() {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: test\r\n\r\nok");
    }

    private void acceptLoop(Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(socket);
                Thread thread = new Thread(() -> serve(script, socket), "raw-upstream-peer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Script script, Socket socket) {
        try (socket) {
            script.run(new Peer(socket, this));
        } catch (IOException e) {
            // the other side has gone
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections open now. */
    public int open() {
        return open.size();
    }

    /** Requests whose head has arrived and not been taken by {@link #nextHead}. */
    public int pendingHeads() {
        return heads.size();
    }

    /** Forgets the heads that have arrived and were not taken. */
    public void forgetHeads() {
        heads.clear();
    }

    /** The next request head that arrived, waiting for it. */
    public String nextHead() throws InterruptedException {
        String head = heads.poll(10, TimeUnit.SECONDS);
        if (head == null) {
            throw new AssertionError("no request reached the upstream");
        }
        return head;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
