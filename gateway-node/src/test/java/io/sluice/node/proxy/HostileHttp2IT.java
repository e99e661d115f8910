package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What no HTTP/2 client may do to the gateway; after each case it is alive, small, and serves others. */
class HostileHttp2IT {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

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

    private static byte[] repeated(int times, byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            for (byte[] frame : frames) {
                all.writeBytes(frame);
            }
        }
        return all.toByteArray();
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return RawHttp2.frameBytes(type, flags, stream, payload);
    }

    @Test
    void endsARapidReset() {
        try (RawHttp2 client = client()) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 40_000; stream += 2) {
                flood.writeBytes(frame(RawHttp2.HEADERS, 5, stream, RawHttp2.request("GET", "/slow")));
                flood.writeBytes(frame(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(CANCEL)));
            }
            client.sendWhilePossible(flood.toByteArray(), 1);

            assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, -1);
        }
    }

    /** Each of them makes the gateway end a stream itself, which is as dear as a reset by the client. */
    @Test
    void endsAFloodOfBodiesThatAreNotWhatWasAnnounced() {
        try (RawHttp2 client = client()) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 40_000; stream += 2) {
                flood.writeBytes(
                        frame(RawHttp2.HEADERS, 4, stream, RawHttp2.request("POST", "/slow", "content-length: 1")));
                flood.writeBytes(frame(RawHttp2.DATA, 0, stream, new byte[2]));
            }
            client.sendWhilePossible(flood.toByteArray(), 1);

            assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, -1);
        }
    }

    @Test
    void refusesMoreStreamsAtATimeThanItOffers() {
        try (RawUpstream silent = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.readHead(); // until the gateway ends it
                });
                TestGateway own = TestGateway.to(silent);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin()) {
            for (int i = 0; i < 129; i++) {
                client.headers(2 * i + 1, false, RawHttp2.request("POST", "/"));
            }

            assertThat(client.await(RawHttp2.RST_STREAM, 257).number(0)).isEqualTo(7);
        }
    }

    @Test
    void endsAFloodOfContinuations() {
        try (RawHttp2 client = client()) {
            client.frame(RawHttp2.HEADERS, 1, 1, RawHttp2.request("GET", "/"));
            byte[] more = frame(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("a: b"));
            client.sendWhilePossible(repeated(1000, more), 100);

            assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, -1);
        }
    }

    /** RFC 9113, section 6.8: they were on their way. Their fields and bytes still count for the connection. */
    @Test
    void readsAndForgetsStreamsAfterItsGoAway() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "te: trailers"));
            client.frame(RawHttp2.GOAWAY, 0, 0, new byte[8]);
            assertThat(client.await(RawHttp2.GOAWAY, 0).number(0)).isEqualTo(1);
            ByteArrayOutputStream late = new ByteArrayOutputStream();
            late.writeBytes(RawHttp2.request("POST", "/smuggled"));
            late.write(0x40); // a field for the table
            late.writeBytes(literal("x-late"));
            late.writeBytes(literal("y"));
            client.headers(3, false, late.toByteArray());
            byte[] data = frame(RawHttp2.DATA, 0, 3, new byte[16_384]);
            client.send(repeated(60, data)); // more than the connection's window
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 3, RawHttp2.number(10));
            client.frame(RawHttp2.RST_STREAM, 0, 3, RawHttp2.number(CANCEL));
            client.data(1, false, "hello").headers(1, true, new byte[] {(byte) (0x80 | 62)});

            RawHttp2.Response response = client.response(1);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.trailers()).containsExactly("x-late: y");
            assertThat(client.goAwayCode()).isEqualTo(-1);
        }
    }

    @Test
    void endsAHeaderBlockThatIsTooLong() {
        try (RawHttp2 client = client()) {
            client.frame(RawHttp2.HEADERS, 1, 1, RawHttp2.request("GET", "/", "x: " + "y".repeat(16_000)));
            client.frame(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("z: " + "y".repeat(16_000)));
            client.sendWhilePossible(frame(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("z: " + "y".repeat(16_000))), 1);

            assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void refusesWhatAHeaderBlockUnfoldsTo() {
        try (RawHttp2 client = client()) {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(RawHttp2.request("GET", "/smuggled"));
            bomb.write(0x40); // a field for the table
            bomb.writeBytes(literal("x"));
            bomb.writeBytes(literal("y".repeat(4000)));
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0x80 | 62); // the same again
            }
            client.headers(1, true, bomb.toByteArray());

            assertThat(client.response(1).status()).isEqualTo(400); // nginx's 494, as HTTP/1.1 is answered
            assertThat(client.get(3, "/").response(3).status()).isEqualTo(200);
        }
    }

    private static byte[] literal(String text) {
        byte[] block = RawHttp2.block("n: " + text);
        return java.util.Arrays.copyOfRange(block, 3, block.length);
    }

    @Test
    void refusesTooManyFields() {
        try (RawHttp2 client = client()) {
            String[] many = new String[120];
            java.util.Arrays.fill(many, "x: y");
            client.headers(1, true, RawHttp2.request("GET", "/smuggled", many));

            assertThat(client.response(1).status()).isEqualTo(400);
        }
    }

    @Test
    void endsFloodsOfFramesThatBringNothing() {
        List<byte[]> kinds = List.of(
                frame(RawHttp2.PING, 0, 0, new byte[8]),
                frame(RawHttp2.SETTINGS, 0, 0),
                frame(RawHttp2.SETTINGS, 1, 0),
                frame(2, 0, 3, new byte[5]),
                frame(0x55, 0, 0),
                frame(RawHttp2.GOAWAY, 0, 0, new byte[8]));
        for (byte[] kind : kinds) {
            try (RawHttp2 client = client()) {
                client.sendWhilePossible(repeated(10_000, kind), 20);

                assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, 0, -1);
            }
        }
    }

    @Test
    void endsAFloodOfEmptyData() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/"));
            client.sendWhilePossible(repeated(10_000, frame(RawHttp2.DATA, 0, 1)), 20);

            assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, -1);
        }
    }

    @Test
    void holdsBackAFloodWhoseAnswersNobodyReads() {
        byte[] pings = repeated(100, frame(RawHttp2.PING, 0, 0, new byte[8]));
        try (RawHttp2 client = client()) {
            client.sendWhilePossible(pings, 2_000);

            assertThat(client.goAwayCode()).isIn(ENHANCE_YOUR_CALM, -1);
        }
    }

    @Test
    void endsAConnectionThatOverflowsAWindow() {
        try (RawHttp2 client = client()) {
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(Integer.MAX_VALUE));

            assertThat(client.goAwayCode()).isEqualTo(FLOW_CONTROL_ERROR);
        }
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/"));
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(Integer.MAX_VALUE));

            assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(FLOW_CONTROL_ERROR);
        }
        try (RawHttp2 client = client()) {
            client.settings(4, -1);

            assertThat(client.goAwayCode()).isEqualTo(FLOW_CONTROL_ERROR);
        }
        try (RawHttp2 client = client()) {
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(0));

            assertThat(client.goAwayCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void endsAStreamThatSendsMoreThanItsWindow() {
        try (RawUpstream deaf = RawUpstream.start(peer -> {
                    peer.readHead();
                    Awaitility.await().until(() -> peer.read() < 0 || true);
                });
                TestGateway own = TestGateway.to(deaf);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin()) {
            client.headers(1, false, RawHttp2.request("POST", "/", "content-length: 100000000"));
            byte[] data = frame(RawHttp2.DATA, 0, 1, new byte[16_384]);
            client.sendWhilePossible(repeated(20, data), 50);

            RawHttp2.Frame end = client.read();
            while (end != null && end.type() != RawHttp2.RST_STREAM && end.type() != RawHttp2.GOAWAY) {
                end = client.read();
            }
            assertThat(end).isNotNull();
            assertThat(end.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(end.number(0)).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void givesUpAClientThatNeverOpensItsWindow() {
        ClientSettings base = ClientSettings.DEFAULT;
        ProxySettings settings = ClientRules.of(new ClientSettings(
                base.headerBytes(),
                base.requestLineBytes(),
                base.headerLineBytes(),
                base.headerCount(),
                base.bodyBytes(),
                base.headerTimeout(),
                base.bodyTimeout(),
                base.minimumBodyRate(),
                base.idleTimeout(),
                Duration.ofMillis(400),
                base.requests(),
                base.connections()));
        try (RawUpstream large = RawUpstream.start(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
                        peer.write(new byte[10_000_000]);
                    }
                });
                TestGateway own = TestGateway.start(Configs.to(large.port()), settings, List.of());
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin(4, 0)) {
            client.get(1, "/");

            assertThat(client.await(RawHttp2.RST_STREAM, 1).number(0)).isEqualTo(CANCEL);
            Awaitility.await().until(() -> own.activeRequests() == 0);
        }
    }

    @Test
    void sendsNoMoreThanTheClientAllows() {
        byte[] body = "0123456789".repeat(5_000).getBytes(StandardCharsets.ISO_8859_1);
        try (RawUpstream source = RawUpstream.start(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n");
                        peer.write(body);
                        peer.write("\r\n0\r\nx-sum: 1\r\n\r\n");
                    }
                });
                TestGateway own = TestGateway.to(source);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin(4, 10)) {
            client.get(1, "/");
            StringBuilder got = new StringBuilder();
            List<String> trailers = List.of();
            int allowed = 10;
            RawHttp2.Frame frame = client.await(RawHttp2.DATA, 1);
            while (!frame.ends()) {
                assertThat(frame.payload().length).isLessThanOrEqualTo(allowed);
                allowed += 777 - frame.payload().length;
                got.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
                client.frame(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(777));
                client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(777));
                frame = client.read();
                while (frame.type() != RawHttp2.DATA && frame.type() != RawHttp2.HEADERS) {
                    frame = client.read();
                }
                trailers = frame.type() == RawHttp2.HEADERS ? client.fields(frame) : List.of();
            }

            assertThat(got.toString()).isEqualTo(new String(body, StandardCharsets.ISO_8859_1));
            assertThat(trailers).containsExactly("x-sum: 1");
        }
    }

    @Test
    void endsConnectionsThatBreakTheRulesOfFrames() {
        Map<byte[], Integer> wrong = Map.ofEntries(
                Map.entry(frame(RawHttp2.PING, 0, 0, new byte[7]), FRAME_SIZE_ERROR),
                Map.entry(frame(RawHttp2.PING, 0, 1, new byte[8]), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.SETTINGS, 0, 0, new byte[5]), FRAME_SIZE_ERROR),
                Map.entry(frame(RawHttp2.SETTINGS, 1, 0, new byte[6]), FRAME_SIZE_ERROR),
                Map.entry(frame(RawHttp2.DATA, 0, 0, new byte[1]), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.DATA, 0, 7, new byte[1]), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.HEADERS, 5, 0, RawHttp2.request("GET", "/")), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.HEADERS, 5, 2, RawHttp2.request("GET", "/")), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.HEADERS, 13, 1, (byte) 200, (byte) 1), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.HEADERS, 5, 1, (byte) 0xFF, (byte) 0xFF), COMPRESSION_ERROR),
                Map.entry(frame(RawHttp2.CONTINUATION, 4, 1, new byte[1]), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.RST_STREAM, 0, 9, new byte[4]), PROTOCOL_ERROR),
                Map.entry(frame(RawHttp2.RST_STREAM, 0, 1, new byte[3]), FRAME_SIZE_ERROR),
                Map.entry(frame(5, 4, 1, new byte[8]), PROTOCOL_ERROR),
                Map.entry(new byte[] {0, 64, 1, 0, 0, 0, 0, 0, 1}, FRAME_SIZE_ERROR));
        wrong.forEach((bytes, code) -> {
            try (RawHttp2 client = client()) {
                client.send(bytes);

                assertThat(client.goAwayCode()).isEqualTo(code);
            }
        });
    }

    @Test
    void lingersInNothingElseWhileAHeaderBlockIsOpen() {
        try (RawHttp2 client = client()) {
            client.frame(RawHttp2.HEADERS, 1, 1, RawHttp2.request("GET", "/smuggled"));
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);

            assertThat(client.goAwayCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void endsAStreamThatGoesOnAfterItsEnd() {
        try (RawHttp2 client = client()) {
            client.headers(1, false, RawHttp2.request("POST", "/"))
                    .data(1, true, "x")
                    .data(1, true, "y");

            RawHttp2.Frame frame = client.read();
            while (frame != null && !frame.ends() && frame.type() != RawHttp2.RST_STREAM) {
                frame = client.read();
            }
            assertThat(frame).isNotNull();
            assertThat(Set.of(RawHttp2.RST_STREAM, RawHttp2.HEADERS, RawHttp2.DATA))
                    .contains(frame.type());
            assertThat(frame.type() != RawHttp2.RST_STREAM || frame.number(0) == STREAM_CLOSED)
                    .isTrue();
        }
    }

    @Test
    void wantsThePrefaceAndSettingsFirst() {
        try (RawHttp2 client = RawHttp2.connect(place.address())) {
            client.send(RawHttp2.PREFACE.getBytes(StandardCharsets.ISO_8859_1)).get(1, "/smuggled");

            assertThat(client.goAwayCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void isNotUpgradedTo() {
        try (RawClient client = RawClient.connect(place.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void staysSmallUnderManySlowReaders() {
        long before = used();
        byte[] piece = new byte[100_000];
        try (RawUpstream large = RawUpstream.start(peer -> {
                    for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
                        for (int i = 0; i < 100; i++) {
                            peer.write(piece);
                        }
                    }
                });
                TestGateway own = TestGateway.to(large);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2()).begin(4, 1)) {
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/");
            }
            for (int heads = 0; heads < 4; heads++) {
                RawHttp2.Frame head = client.read();
                while (head.type() != RawHttp2.HEADERS) {
                    head = client.read();
                }
            }

            assertThat(used() - before).isLessThan(64_000_000);
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
