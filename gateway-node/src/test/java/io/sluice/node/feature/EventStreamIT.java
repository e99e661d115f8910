package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.RawHttp2;
import io.sluice.node.proxy.RawUpstream;
import io.sluice.node.proxy.TlsClient;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsRules;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events are passed on as they come: each has arrived before the next one is sent. */
class EventStreamIT {

    private static final int EVENTS = 20;
    private static final String PLUGINS = """
            plugins:
            - {name: cors, config: {origins: ['*']}}
            - {name: correlation-id, config: {echo_downstream: true}}
            - {name: rate-limiting, config: {hour: 1000, policy: local}}
            - {name: response-transformer, config: {add: {headers: ['X-Added:1']}, remove: {headers: [X-Gone]}}}
            - {name: prometheus, config: {bandwidth_metrics: true}}
            """;

    @ParameterizedTest
    @CsvSource({
        "true,  1.1, false, false",
        "true,  1.1, true,  false",
        "true,  1.1, true,  true",
        "true,  1.0, false, false",
        "true,  1.0, true,  false",
        "false, 1.1, false, false",
        "false, 1.1, true,  true",
        "false, 1.0, true,  false"
    })
    void everyEventArrivesBeforeTheNextIsSent(boolean chunked, String version, boolean plugins, boolean tls)
            throws Exception {
        Semaphore arrived = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Gone: 1\r\n"
                            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Connection: close\r\n\r\n"));
                    for (int i = 0; i < EVENTS; i++) {
                        String event = event(i);
                        peer.write(chunked ? Integer.toHexString(event.length()) + "\r\n" + event + "\r\n" : event);
                        if (!awaited(arrived)) {
                            return;
                        }
                    }
                    peer.write(chunked ? "0\r\n\r\n" : "");
                });
                Pipeline pipeline = Pipeline.of("""
                        services:
                        - {name: s, host: 127.0.0.1, port: PORT}
                        routes:
                        - {name: r, service: s, paths: [/]}
                        """.replace("PORT", "" + upstream.port()) + (plugins ? PLUGINS : ""));
                RawClient client = tls
                        ? TlsClient.create()
                                .raw(
                                        pipeline.gateway()
                                                .listenTls(
                                                        TlsRules.DEFAULT,
                                                        TestAuthority.root("ca")
                                                                .issue("a")
                                                                .read()),
                                        "a")
                        : pipeline.gateway().client()) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");

            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 200 ");
            assertThat(head.contains("X-Added: 1")).isEqualTo(plugins);
            assertThat(head.contains("X-Gone")).isEqualTo(!plugins);
            boolean framed = head.contains("Transfer-Encoding: chunked");
            assertThat(framed).isEqualTo(version.equals("1.1"));
            for (int i = 0; i < EVENTS; i++) {
                String event = event(i);
                if (framed) {
                    assertThat(client.readLine()).isEqualTo(Integer.toHexString(event.length()));
                }
                assertThat(new String(client.read(event.length()), StandardCharsets.ISO_8859_1))
                        .isEqualTo(event);
                if (framed) {
                    assertThat(client.readLine()).isEmpty();
                }
                arrived.release();
            }
            assertThat(new String(framed ? client.read(5) : client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(framed ? "0\r\n\r\n" : "");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyEventArrivesOverHttp2Too(boolean plugins) throws Exception {
        Semaphore arrived = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
                    for (int i = 0; i < EVENTS; i++) {
                        peer.write(event(i));
                        if (!awaited(arrived)) {
                            return;
                        }
                    }
                });
                Pipeline pipeline = Pipeline.of("""
                        services:
                        - {name: s, host: 127.0.0.1, port: PORT}
                        routes:
                        - {name: r, service: s, paths: [/]}
                        """.replace("PORT", "" + upstream.port()) + (plugins ? PLUGINS : ""));
                RawHttp2 client =
                        RawHttp2.connect(pipeline.gateway().listenHttp2()).begin()) {
            client.get(1, "/");
            for (int i = 0; i < EVENTS; i++) {
                assertThat(client.content(1, event(i).length())).isEqualTo(event(i));
                arrived.release();
            }
            assertThat(client.content(1, 1)).isEmpty();
        }
    }

    private static String event(int number) {
        return "id: " + number + "\ndata: " + "x".repeat(number * 100) + "\n\n";
    }

    private static boolean awaited(Semaphore semaphore) {
        try {
            return semaphore.tryAcquire(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
