package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over HTTP/2 that are none, or would be two in HTTP/1.1. */
class HostileHttp2FieldsIT {

    private static final int PROTOCOL_ERROR = 1;

    private static Http2Place place;

    @BeforeAll
    static void start() {
        place = new Http2Place();
    }

    @AfterAll
    static void stop() {
        place.close();
    }

    /** Others are served, and nothing of the case is left. */
    @AfterEach
    void serves() throws InterruptedException {
        place.serves();
    }

    private static RawHttp2 client() {
        return place.client();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: a\r\nSmuggled: 1",
                "x: a\nb",
                "x: a\rb",
                "x: a\0b",
                "X-Upper: 1",
                "a b: c",
                "a\r\nb: c",
                ":late: 1",
                "connection: close",
                "keep-alive: 1",
                "proxy-connection: x",
                "transfer-encoding: chunked",
                "upgrade: websocket",
                "te: gzip",
                "host: other",
                "content-length: 5",
                "content-length: x",
                "content-length: 18446744073709551634",
                ":path: /smuggled",
                ":status: 200",
                ":unknown: x"
            })
    void refusesAMalformedField(String field) {
        try (RawHttp2 client = client()) {
            client.get(1, "/smuggled", field);

            RawHttp2.Frame head = client.await(RawHttp2.HEADERS, 1);
            assertThat(client.fields(head)).contains(":status: 400");
            assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.get(3, "/").response(3).status()).isEqualTo(200);
        }
    }

    @Test
    void refusesMalformedPseudoFields() {
        List<String[]> requests = List.of(
                new String[] {":scheme: http", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: ", ":authority: a"},
                new String[] {":method: GET", ":scheme: ftp", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":method: GET", ":scheme: http", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: /", ":path: /smuggled", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", "x: y", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: http://b/smuggled", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: /\r\nX: y", ":authority: a"},
                new String[] {":method: GET\r\n", ":scheme: http", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: /", ":authority: a\r\nX: y"});
        for (String[] fields : requests) {
            try (RawHttp2 client = client()) {
                client.headers(1, true, RawHttp2.block(fields));

                assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    @Test
    void refusesWhatIsNoRequestLineOrHostInHttp1() {
        List<String[]> requests = List.of(
                new String[] {":method: GET", ":scheme: http", ":path: /a b HTTP/1.1", ":authority: a"},
                new String[] {":method: get", ":scheme: http", ":path: /", ":authority: a"},
                new String[] {":method: GET /smuggled", ":scheme: http", ":path: /", ":authority: a"},
                new String[] {":method: GET", ":scheme: http", ":path: /", ":authority: u@a"},
                new String[] {":method: GET", ":scheme: http", ":path: /", ":authority: a b"},
                new String[] {":method: GET", ":scheme: http", ":path: /"});
        for (String[] fields : requests) {
            try (RawHttp2 client = client()) {
                client.headers(1, true, RawHttp2.block(fields));

                assertThat(client.response(1).status()).isEqualTo(400);
            }
        }
    }

    @Test
    void hasNoTunnels() {
        try (RawHttp2 client = client()) {
            client.headers(1, true, RawHttp2.block(":method: CONNECT", ":authority: a:1"));

            assertThat(client.await(RawHttp2.RST_STREAM, 1)).isNotNull();
        }
    }

    @Test
    void refusesABodyOfAnotherLengthThanAnnounced() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "content-length: 3"))
                    .data(1, true, "four");
            assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(PROTOCOL_ERROR);

            client.headers(3, false, RawHttp2.request("POST", "/", "content-length: 3"))
                    .data(3, true, "a");
            assertThat(client.await(RawHttp2.RST_STREAM, 3).number(0)).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void neverMergesTrailersIntoFields() throws InterruptedException {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/trailed")).data(1, false, "x");
            client.headers(
                    1,
                    true,
                    RawHttp2.block("content-length: 9", "host: evil", "x-forwarded-for: 1.2.3.4", "x-fine: 1"));
            client.response(1);
            EchoUpstream.Received received = place.upstream.next();

            assertThat(received.bodyText()).isEqualTo("1\r\nx\r\n0\r\nx-fine: 1\r\n\r\n");
            assertThat(received.head()).doesNotContain("evil").doesNotContain("1.2.3.4");
        }
    }

    @Test
    void refusesTrailersThatAreMalformedOrNotTheEnd() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/")).headers(1, true, RawHttp2.block("x: a\r\nb: c"));
            assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(PROTOCOL_ERROR);

            client.headers(3, false, RawHttp2.request("POST", "/")).headers(3, false, RawHttp2.block("x: a"));
            assertThat(client.await(RawHttp2.RST_STREAM, 3).number(0)).isEqualTo(PROTOCOL_ERROR);

            client.headers(5, false, RawHttp2.request("POST", "/")).headers(5, true, RawHttp2.block(":path: /"));
            assertThat(client.await(RawHttp2.RST_STREAM, 5).number(0)).isEqualTo(PROTOCOL_ERROR);
        }
    }
}
