package io.sluice.node.upstream.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that does to each connection what a test says, and knows what became of it. */
final class HostileTarget implements AutoCloseable {

    /** What is done with a connection; what is thrown ends it. */
    @FunctionalInterface
    interface Script {
        void run(Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();

    private HostileTarget(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    static HostileTarget start(Script script) throws IOException {
        return over(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    static HostileTarget over(ServerSocket server, Script script) {
        HostileTarget target = new HostileTarget(server, script);
        daemon(target::accept);
        return target;
    }

    /** One that answers every request with these bytes and then waits for the end. */
    static HostileTarget saying(String answer) throws IOException {
        return start(socket -> say(socket, answer));
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "hostile-target");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String head = head(socket.getInputStream());
            heads.add(head);
            if (!head.isEmpty()) {
                script.run(socket);
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // the prober has ended it: counted below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.incrementAndGet();
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections accepted so far. */
    int connections() {
        return connections.get();
    }

    /** Whether each connection has ended, on the prober's side too. */
    boolean allEnded() {
        return connections.get() > 0 && ended.get() == connections.get();
    }

    /** Heads of the requests so far. */
    Queue<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
