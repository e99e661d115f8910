package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends and fetches one long body after the other through a gateway in front of a {@link StreamServer} and compares checksums.
 * Prints {@code begin NAME} and {@code end NAME MILLIS} around each.
 */
final class StreamClient {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Target target;
    private final long bytes;
    private final long pauseMillis;

    /** @param pauseMillis how long the receiving side stops reading in the middle */
    StreamClient(Target target, long bytes, long pauseMillis) {
        this.target = target;
        this.bytes = bytes;
        this.pauseMillis = pauseMillis;
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 3) {
            throw new IllegalArgumentException("usage: StreamClient URL BYTES PAUSE_MILLIS [HEADER...]");
        }
        var target = Target.of(args[0], List.of(args).subList(3, args.length));
        var client = new StreamClient(target, Long.parseLong(args[1]), Long.parseLong(args[2]));
        client.timed("up", () -> client.up(false));
        client.timed("up-chunked", () -> client.up(true));
        client.timed("down", () -> client.down(false));
        client.timed("down-chunked", () -> client.down(true));
    }

    /** @throws IOException also if what arrived is not what was sent */
    void up(boolean chunked) throws IOException {
        try (var socket = target.connect(TIMEOUT_MILLIS)) {
            var out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            var request = target.withPath("/up" + query(chunked));
            out.write(request.head("POST", chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes)
                    .getBytes(ISO_8859_1));
            long checksum = Payload.write(out, bytes, chunked);

            var answer = Message.read(new BufferedInputStream(socket.getInputStream()));
            answer.expectOk();
            var text = new String(answer.body().readAllBytes(), ISO_8859_1);
            compare(text, new Payload.Received(bytes, checksum));
        }
    }

    /** @throws IOException also if what arrived is not what was sent */
    void down(boolean chunked) throws IOException {
        try (var socket = target.connect(TIMEOUT_MILLIS)) {
            var request = target.withPath("/down" + query(chunked));
            socket.getOutputStream().write(request.head("GET").getBytes(ISO_8859_1));

            var answer = Message.read(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
            answer.expectOk();
            if (answer.isChunked() != chunked) {
                throw new IOException("chunked: " + answer.isChunked() + " (expected: as the upstream sent it)");
            }
            var received = Payload.drain(answer.body(), bytes, pauseMillis);
            compare(received.toString(), new Payload.Received(bytes, Payload.checksum(bytes)));
        }
    }

    private String query(boolean chunked) {
        return "?bytes=" + bytes + "&pause=" + pauseMillis + (chunked ? "&chunked=1" : "");
    }

    private static void compare(String received, Payload.Received expected) throws IOException {
        if (!received.equals(expected.toString())) {
            throw new IOException("body (length checksum): " + received + " (expected: " + expected + ")");
        }
    }

    private void timed(String name, Transfer transfer) throws IOException {
        System.out.println("begin " + name);
        long start = System.nanoTime();
        transfer.run();
        System.out.println("end " + name + " " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
