package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** A gateway before a friendly upstream, for hostile bytes to be thrown at. One for all cases of a class. */
final class HostileEdge implements AutoCloseable {

    /** What an attacker would like to be taken for a request of its own. */
    static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";

    private final EchoUpstream upstream = new EchoUpstream();
    private final TestGateway gateway = TestGateway.to(upstream.server());

    EchoUpstream upstream() {
        return upstream;
    }

    TestGateway gateway() {
        return gateway;
    }

    /** The request is answered with the status, the connection ends, nothing reaches the upstream, and others are served. */
    void refuses(String request, int status) throws InterruptedException {
        forget();
        int connections = upstream.server().connections();
        RawClient.Response response = refused(request);

        assertThat(response.status()).isEqualTo(status);
        assertThat(upstream.server().pendingHeads()).isZero();
        assertThat(upstream.server().connections()).isEqualTo(connections);
        serves();
    }

    /** As {@link #refuses} for what is wrong with a body: a head may have gone upstream, a whole request has not. */
    void refusesBody(String request, int status) throws InterruptedException {
        forget();
        RawClient.Response response = refused(request);

        assertThat(response.status()).isEqualTo(status);
        assertThat(upstream.pending()).isZero();
        serves();
    }

    /** What earlier cases left at the upstream. */
    private void forget() throws InterruptedException {
        while (upstream.pending() > 0) {
            upstream.next();
        }
        while (upstream.server().pendingHeads() > 0) {
            upstream.server().nextHead();
        }
    }

    private RawClient.Response refused(String request) {
        try (RawClient client = gateway.client()) {
            RawClient.Response response = client.send(request + SMUGGLED).readResponse();
            assertThat(response.header("Connection")).contains("close");
            assertThat(client.ending(5000)).isEqualTo("end");
            return response;
        }
    }

    /** The request is served and the connection lives on; gives what the upstream got. */
    EchoUpstream.Received accepts(String request) throws InterruptedException {
        return accepts(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    EchoUpstream.Received accepts(byte[] request) throws InterruptedException {
        forget();
        try (RawClient client = gateway.client()) {
            assertThat(client.send(request).readResponse().status()).isEqualTo(200);
            EchoUpstream.Received received = taken();
            assertThat(client.send(GOOD).readResponse().status()).isEqualTo(200);
            assertThat(taken().head()).startsWith("GET /good ");
            return received;
        }
    }

    private void serves() throws InterruptedException {
        assertThat(gateway.exchange(GOOD).status()).isEqualTo(200);
        assertThat(upstream.next().head()).startsWith("GET /good ");
        String head = upstream.server().nextHead();
        while (!head.startsWith("GET /good ")) {
            assertThat(head).doesNotContain("/smuggled");
            head = upstream.server().nextHead();
        }
    }

    private EchoUpstream.Received taken() throws InterruptedException {
        upstream.server().nextHead();
        return upstream.next();
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
