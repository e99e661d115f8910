package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The handshake of a WebSocket is a request like others: plugins decide about it. */
class WebSocketAccessIT {

    private static final String YAML = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM, protocol: ws}
            routes:
            - {name: r, service: s, paths: [/], strip_path: false, protocols: [ws, wss]}
            consumers:
            - {username: alice, keyauth_credentials: [{key: a}]}
            plugins:
            - {name: key-auth, config: {hide_credentials: true}}
            - {name: rate-limiting, config: {year: 2, policy: local, limit_by: consumer}}
            """;
    private static final String[] ASK = {
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13"
    };

    private static String[] with(String... more) {
        java.util.ArrayList<String> all = new java.util.ArrayList<>(List.of(ASK));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void keysAndLimitsHoldForHandshakes() throws Exception {
        EchoUpstream upstream = EchoUpstream.answering(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        try (Pipeline pipeline = Pipeline.of(upstream, YAML)) {
            RawClient.Response unknown = pipeline.send("GET /chat", ASK);
            assertThat(upstream.pending()).isZero();
            RawClient.Response first = pipeline.send("GET /chat", with("apikey: a"));
            RawClient.Response second = pipeline.send("GET /chat?apikey=a", ASK);
            RawClient.Response third = pipeline.send("GET /chat", with("apikey: a"));
            RawClient.Response plain = pipeline.send("GET /chat", "apikey: a");

            assertThat(unknown.status()).isEqualTo(401);
            assertThat(first.status()).isEqualTo(101);
            assertThat(first.header("X-RateLimit-Remaining-Year")).contains("1");
            assertThat(second.status()).isEqualTo(101);
            assertThat(third.status()).isEqualTo(429);
            assertThat(plain.status()).isEqualTo(426);
            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(seen.header("X-Consumer-Username")).contains("alice");
            assertThat(seen.header("apikey")).isEmpty();
            assertThat(pipeline.seen().requestLine()).isEqualTo("GET /chat HTTP/1.1");
        }
    }
}
