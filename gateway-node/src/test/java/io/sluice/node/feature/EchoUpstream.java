package io.sluice.node.feature;

import io.sluice.node.proxy.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An upstream that keeps whole requests and answers each on a connection that lives on. */
final class EchoUpstream implements AutoCloseable {

    /** A request as it arrived; the body without its framing. */
    record Seen(String head, String body) {

        String requestLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** The first value of a field. */
        Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        /** All values of a field. */
        List<String> headers(String name) {
            List<String> values = new ArrayList<>();
            for (String line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    values.add(line.substring(colon + 1).strip());
                }
            }
            return values;
        }
    }

    private final RawUpstream raw;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private EchoUpstream(Function<Seen, String> answer) {
        raw = RawUpstream.start(peer -> {
            for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                Seen request = new Seen(head, body(head, peer));
                seen.add(request);
                String response = answer.apply(request);
                peer.write(response);
                if (response.contains("Connection: close")) {
                    return;
                }
            }
        });
    }

    /** Answers 200 with a small body. */
    static EchoUpstream ok() {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: test\r\n\r\nok");
    }

    /** Answers everything with the same bytes. */
    static EchoUpstream answering(String response) {
        return new EchoUpstream(request -> response);
    }

    /** Answers with what is made of the request. */
    static EchoUpstream answering(Function<Seen, String> answer) {
        return new EchoUpstream(answer);
    }

    private static String body(String head, RawUpstream.Peer peer) throws IOException {
        Seen request = new Seen(head, "");
        if (request.header("Transfer-Encoding").isPresent()) {
            return chunks(peer);
        }
        int length = Integer.parseInt(request.header("Content-Length").orElse("0"));
        return new String(peer.read(length), StandardCharsets.ISO_8859_1);
    }

    private static String chunks(RawUpstream.Peer peer) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(peer), 16); size > 0; size = Integer.parseInt(line(peer), 16)) {
            body.append(new String(peer.read(size), StandardCharsets.ISO_8859_1));
            line(peer);
        }
        while (!line(peer).isEmpty()) {
            // trailers are of no interest here
        }
        return body.toString();
    }

    private static String line(RawUpstream.Peer peer) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = peer.read(); b != '\n'; b = peer.read()) {
            if (b < 0) {
                throw new IOException("ended in a chunk's frame");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    int port() {
        return raw.port();
    }

    /** Whole requests that nobody has taken yet. */
    int pending() {
        return seen.size();
    }

    /** Connections open now. */
    int open() {
        return raw.open();
    }

    /** The next request, waiting for it. */
    Seen next() throws InterruptedException {
        Seen next = seen.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request reached the upstream");
        }
        return next;
    }

    @Override
    public void close() {
        raw.close();
    }
}
