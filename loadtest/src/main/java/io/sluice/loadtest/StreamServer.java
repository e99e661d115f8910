package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;

/**
 * An upstream on loopback for long bodies, one thread per connection. {@code POST /up} answers with the length and checksum
 * of what came, {@code GET /down} sends a {@link Payload}; both take {@code bytes}, {@code pause} (ms) and {@code chunked} in the
 * query. Every other path answers with 128 bytes.
 */
final class StreamServer implements AutoCloseable {
    private final ServerSocket socket;

    /** @param port 0 for any free one */
    StreamServer(int port) throws IOException {
        socket = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("usage: StreamServer PORT");
        }
        var server = new StreamServer(Integer.parseInt(args[0]));
        System.out.println("listening " + server.port());
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                start("connection", () -> serve(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    System.err.println("accept: " + e);
                }
            }
        }
    }

    private static void start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon("connection".equals(name));
        thread.start();
    }

    private static void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream(), 64 * 1024);
            var out = new BufferedOutputStream(client.getOutputStream(), 64 * 1024);
            while (hasMore(in)) {
                answer(Message.read(in), out);
            }
        } catch (IOException e) {
            if (!(e instanceof EOFException)) {
                System.err.println("connection: " + e);
            }
        }
    }

    private static boolean hasMore(InputStream in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next >= 0;
    }

    private static void answer(Message request, OutputStream out) throws IOException {
        var path = request.startLine().split(" ", -1)[1];
        var query = query(path);
        long bytes = Long.parseLong(query.getOrDefault("bytes", "0"));
        long pause = Long.parseLong(query.getOrDefault("pause", "0"));
        var received = Payload.drain(request.body(), bytes, pause);
        if (path.startsWith("/down")) {
            boolean chunked = query.containsKey("chunked");
            writeHead(out, chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes);
            Payload.write(out, bytes, chunked);
        } else {
            var text = path.startsWith("/up") ? received.toString() : "x".repeat(128);
            writeHead(out, "Content-Length: " + text.length());
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }
    }

    private static void writeHead(OutputStream out, String framing) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n" + framing + "\r\n\r\n")
                .getBytes(ISO_8859_1));
    }

    private static Map<String, String> query(String path) {
        var query = new HashMap<String, String>();
        int mark = path.indexOf('?');
        for (var pair : path.substring(mark + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return query;
    }
}
