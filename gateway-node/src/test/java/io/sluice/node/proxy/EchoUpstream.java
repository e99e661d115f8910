package io.sluice.node.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An upstream that keeps every request as received and answers with the request's body, framed as it came. */
final class EchoUpstream implements AutoCloseable {

    /**
     * A request as received.
     *
     * @param head with its empty line, one char per byte
     * @param body the bytes behind the head, chunk framing included
     */
    record Received(String head, byte[] body) {

        String bodyText() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        /** The field lines without the line end, as they came. */
        String[] lines() {
            return head.substring(0, head.length() - 4).split("\r\n", -1);
        }
    }

    private final BlockingQueue<Received> requests = new LinkedBlockingQueue<>();
    private final RawUpstream server = RawUpstream.start(this::serve);

    private void serve(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            String lower = head.toLowerCase(Locale.ROOT);
            boolean chunked = lower.contains("\r\ntransfer-encoding: chunked\r\n");
            byte[] body = chunked ? chunks(peer) : peer.read(length(lower));
            requests.add(new Received(head, body));
            peer.write("HTTP/1.1 200 OK\r\n"
                    + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length) + "\r\n\r\n");
            peer.write(body);
        }
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return 0;
        }
        return Integer.parseInt(
                head.substring(at + 17, head.indexOf('\r', at + 2)).strip());
    }

    /** Chunks up to the end of the trailers, their framing included. */
    private static byte[] chunks(RawUpstream.Peer peer) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            String line = line(peer, all);
            if (line.isEmpty()) {
                return all.toByteArray(); // the connection ended
            }
            size = Integer.parseInt(line.strip(), 16);
            all.write(peer.read(size > 0 ? size + 2 : 0));
        } while (size > 0);
        while (line(peer, all).length() > 2) {
            // trailers
        }
        return all.toByteArray();
    }

    private static String line(RawUpstream.Peer peer, ByteArrayOutputStream all) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = 0;
        while (b != '\n') {
            b = peer.read();
            if (b < 0) {
                return "";
            }
            all.write(b);
            line.append((char) b);
        }
        return line.toString();
    }

    RawUpstream server() {
        return server;
    }

    /** Whole requests that have arrived and not been taken. */
    int pending() {
        return requests.size();
    }

    /** The next whole request, waiting for it. */
    Received next() throws InterruptedException {
        Received request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no whole request reached the upstream");
        }
        return request;
    }

    @Override
    public void close() {
        server.close();
    }
}
