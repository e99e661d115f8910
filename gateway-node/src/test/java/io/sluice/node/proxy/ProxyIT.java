package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The plain way of a request through the proxy, over real sockets. */
class ProxyIT {

    @Test
    void passesARequestAndItsResponse() throws Exception {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream)) {
            RawClient.Response response =
                    gateway.exchange("GET /a?b=c HTTP/1.1\r\nHost: example.test\r\nX-A: 1\r\n\r\n");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.header("Server")).contains("test");
            String head = upstream.nextHead();
            assertThat(head)
                    .startsWith("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + upstream.port() + "\r\n")
                    .contains("X-A: 1\r\n", "Connection: keep-alive\r\n", "X-Forwarded-For: 127.0.0.1\r\n");
        }
    }

    @Test
    void keepsBothConnectionsAlive() throws Exception {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 100; i++) {
                client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("ok");
            }

            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        String path = head.split(" ", -1)[1];
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    }
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(requests.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void streamsABodyOfKnownLengthBothWays() throws Exception {
        byte[] body = new byte[3_000_000];
        new java.util.Random(1).nextBytes(body);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    byte[] got = peer.read(body.length);
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + got.length + "\r\n\r\n");
                    peer.write(got);
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
            client.send(body);

            client.readHead();
            assertThat(client.read(body.length)).isEqualTo(body);
        }
    }

    @Test
    void keepsTheUpstreamConnectionAfterLargeBodies() throws Exception {
        byte[] body = new byte[300_000];
        new java.util.Random(2).nextBytes(body);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                        peer.write(body);
                    }
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
                assertThat(client.read(body.length)).isEqualTo(body);
            }

            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void sendsHeadAndLargeBodyInOnePieceUnharmed() throws Exception {
        byte[] body = new byte[40_000];
        new java.util.Random(3).nextBytes(body);
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes();
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    while (!peer.readHead().isEmpty()) {
                        peer.write(whole);
                    }
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                String received =
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
                assertThat(received).startsWith("HTTP/1.1 200 OK\r\n").contains("X-Kong-Request-Id: ");
                assertThat(client.read(body.length)).isEqualTo(body);
            }

            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void passesChunksAndTrailersOn() throws Exception {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 7\r\nHost: evil\r\n\r\n");
                    peer.read();
                });
                TestGateway gateway = TestGateway.to(upstream)) {
            RawClient.Response response = gateway.get("/");

            assertThat(response.body()).isEqualTo("hello!");
            assertThat(response.trailers()).containsExactly("X-Sum: 7");
        }
    }

    @Test
    void answersInKongsWordsWhenNoRouteMatches() {
        try (TestGateway gateway = TestGateway.start(io.sluice.state.model.GatewayConfig.EMPTY)) {
            RawClient.Response response = gateway.get("/nothing");

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(response.body())
                    .matches(
                            "\\{\n  \"message\":\"no Route matched with those values\",\n  \"request_id\":\"[0-9a-f]{32}\"\n}");
        }
    }

    @Test
    void tunnelsAnAcceptedWebSocket() throws Exception {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi");
                    for (int b = peer.read(); b >= 0; b = peer.read()) {
                        peer.write(new byte[] {(byte) (b + 1)});
                    }
                });
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            client.send("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").contains("Upgrade: websocket");
            assertThat(client.read(2)).isEqualTo("hi".getBytes());
            client.send("abc");
            assertThat(client.read(3)).isEqualTo("bcd".getBytes());
            client.endOutput();
            assertThat(client.ending(5000)).isEqualTo("end");
        }
    }

    @Test
    void refusesWhatIsNotHttpAndCloses() {
        try (RawUpstream upstream = RawUpstream.ok();
                TestGateway gateway = TestGateway.to(upstream);
                RawClient client = gateway.client()) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n").readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(client.ending(5000)).isEqualTo("end");
            assertThat(upstream.pendingHeads()).isZero();
        }
    }
}
