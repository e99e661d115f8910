package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds connections open that have each done one request. Prints {@code ready N}, then for each line on standard input does
 * another request on every one and prints {@code alive N}; ends when the input ends.
 */
final class IdleConnections implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final byte[] request;
    private final Target target;
    private final List<Socket> sockets = new ArrayList<>();

    IdleConnections(Target target) {
        this.target = target;
        this.request = target.head("GET").getBytes(ISO_8859_1);
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: IdleConnections URL COUNT [HEADER...]");
        }
        var target = Target.of(args[0], List.of(args).subList(2, args.length));
        try (var connections = new IdleConnections(target)) {
            connections.open(Integer.parseInt(args[1]));
            System.out.println("ready " + connections.sockets.size());
            var input = new BufferedReader(new InputStreamReader(System.in, ISO_8859_1));
            while (input.readLine() != null) {
                System.out.println("alive " + connections.alive());
            }
        }
    }

    void open(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var socket = target.connect(TIMEOUT_MILLIS);
            sockets.add(socket);
            exchange(socket);
        }
    }

    /** How many of the connections still answer. */
    int alive() {
        int alive = 0;
        for (var socket : sockets) {
            try {
                exchange(socket);
                alive++;
            } catch (IOException e) {
                // what is not counted is not alive
            }
        }
        return alive;
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void exchange(Socket socket) throws IOException {
        socket.getOutputStream().write(request);
        var answer = Message.read(new BufferedInputStream(socket.getInputStream(), 1024));
        answer.expectOk();
        answer.body().readAllBytes();
    }
}
