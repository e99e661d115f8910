package io.sluice.node.feature;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Servers on loopback as targets of an upstream, in the notation of kong.yml. They end with it. */
final class Targets implements AutoCloseable {

    private final List<EchoUpstream> servers = new ArrayList<>();

    /** One whose answer is its name. */
    String named(String name) {
        return of(EchoUpstream.answering(response(200, name)));
    }

    String of(EchoUpstream server) {
        servers.add(server);
        return "{target: '127.0.0.1:" + server.port() + "'}";
    }

    static String response(int status, String body) {
        return "HTTP/1.1 " + status + " S\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** One where nobody listens. */
    static String refusing() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "{target: '127.0.0.1:" + gone.getLocalPort() + "'}";
        }
    }

    /** A service with one retry on an upstream with these fields. */
    static String config(String fields, String... targets) {
        return config(1, fields, targets);
    }

    static String config(int retries, String fields, String... targets) {
        return """
                services:
                - {name: s, host: u, retries: %d}
                routes:
                - {name: r, service: s, paths: [/]}
                upstreams:
                - {name: u, %s, targets: [%s]}
                """.formatted(retries, fields, String.join(", ", targets));
    }

    /** How many of so many requests had which body. */
    static Map<String, Integer> counts(RawClient client, int requests) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            counts.merge(client.send(Pipeline.request("GET /")).readResponse().body(), 1, Integer::sum);
        }
        return counts;
    }

    @Override
    public void close() {
        servers.forEach(EchoUpstream::close);
    }
}
