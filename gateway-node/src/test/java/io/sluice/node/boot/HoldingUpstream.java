package io.sluice.node.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that answers nothing until it is told to, and notices who goes away. */
final class HoldingUpstream implements AutoCloseable {

    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> held = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private volatile boolean holds = true;

    HoldingUpstream() throws IOException {
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many requests it has in its hands. */
    int held() {
        return held.size();
    }

    /** How many it ever had at a time. */
    int most() {
        return most.get();
    }

    void forgetMost() {
        most.set(held.size());
    }

    /** Answers all, and from now on at once. */
    void release() throws IOException {
        holds = false;
        for (Socket socket : held) {
            answer(socket);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            threads.shutdown(); // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    take(socket);
                }
            }
        } catch (IOException e) {
            // gone, as below
        } finally {
            held.remove(socket);
            open.remove(socket);
        }
    }

    private void take(Socket socket) throws IOException {
        held.add(socket);
        most.accumulateAndGet(held.size(), Math::max);
        if (!holds) {
            answer(socket);
        }
    }

    /** Whoever takes it out answers it; before that, so that what comes then finds room. */
    private void answer(Socket socket) throws IOException {
        if (held.remove(socket)) {
            socket.getOutputStream().write(ANSWER);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
