package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams of HTTP/2 that leave, refuse, stop in the middle or say too much. */
class HostileHttp2UpstreamIT {

    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;

    private RawUpstream upstream;
    private TestGateway gateway;

    @AfterEach
    void stop() {
        Awaitility.await().until(() -> gateway.activeRequests() == 0);
        gateway.close();
        upstream.close();
    }

    private RawHttp2 client(int retries, RawHttp2Upstream.Script script) {
        return client(retries, 5_000, script);
    }

    private RawHttp2 client(int retries, int timeoutMillis, RawHttp2Upstream.Script script) {
        upstream = RawHttp2Upstream.start(script);
        Service service =
                Configs.speaking(Configs.service("s", upstream.port(), null, retries, timeoutMillis), Protocol.GRPC);
        Route route = Configs.matching(Configs.route("r", "s", "/"), Set.of(Protocol.GRPC));
        gateway = TestGateway.start(Configs.of(List.of(service), List.of(route), List.of()));
        return RawHttp2.connect(gateway.listenHttp2()).begin();
    }

    private static RawHttp2 call(RawHttp2 client, int stream, String... more) {
        String[] fields = java.util.Arrays.copyOf(more, more.length + 2);
        fields[more.length] = "content-type: application/grpc";
        fields[more.length + 1] = "te: trailers";
        return client.headers(stream, false, RawHttp2.request("POST", "/test.Echo/Echo", fields))
                .data(stream, true, "\0\0\0\0\1x");
    }

    private static String status(RawHttp2.Response response) {
        List<String> said = response.trailers().isEmpty() ? response.fields() : response.trailers();
        return said.stream()
                .filter(line -> line.startsWith("grpc-status: "))
                .map(line -> line.substring("grpc-status: ".length()))
                .findFirst()
                .orElse("none");
    }

    @Test
    void whatAnUpstreamRefusesIsTriedAgain() {
        AtomicInteger seen = new AtomicInteger();
        try (RawHttp2 client = client(2, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            if (seen.incrementAndGet() < 3) {
                peer.send(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(REFUSED_STREAM));
            } else {
                peer.good(stream);
            }
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("0");
            assertThat(seen.get()).isEqualTo(3);
        }
    }

    @Test
    void anUpstreamWithASmallTableForHeadersIsToldThatItStaysEmpty() {
        BlockingQueue<RawHttp2.Frame> heads = new LinkedBlockingQueue<>();
        try (RawHttp2 client = client(0, peer -> {
            peer.send(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0});
            for (RawHttp2.Frame head = peer.awaitFrame(RawHttp2.HEADERS, 0); head != null; ) {
                heads.add(head);
                peer.good(head.stream());
                head = peer.awaitFrame(RawHttp2.HEADERS, 0);
            }
        })) {
            for (int stream = 1; stream <= 5; stream += 2) {
                assertThat(status(call(client, stream).response(stream))).isEqualTo("0");
            }
        }
        byte emptied = 0x20;
        assertThat(heads).hasSize(3);
        assertThat(heads.stream().filter(head -> head.payload()[0] == emptied)).hasSize(1);
        assertThat(heads.stream().reduce((one, next) -> next).orElseThrow().payload()[0])
                .isNotEqualTo(emptied);
    }

    /** Some servers say how long a short answer is, and then have trailers all the same. */
    @Test
    void anAnswerOfKnownLengthKeepsItsTrailers() {
        byte[] message = {0, 0, 0, 0, 1, 'y'};
        byte[] trailers = RawHttp2.block("grpc-status: 5", "grpc-message: not there");
        try (RawHttp2 client = client(0, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false, "content-length: 6", "x-behind: it");
            peer.send(RawHttp2.DATA, 0, stream, message);
            peer.send(RawHttp2.HEADERS, 5, stream, trailers);
            peer.head(peer.await(RawHttp2.HEADERS), false, "content-length: 5");
            peer.send(RawHttp2.DATA, 1, stream + 2, message);
            peer.await(RawHttp2.GOAWAY);
        })) {
            RawHttp2.Response whole = call(client, 1).response(1);
            RawHttp2.Response longer = call(client, 3).response(3);

            assertThat(whole.fields()).contains("x-behind: it").noneMatch(field -> field.startsWith("content-length"));
            assertThat(whole.body()).isEqualTo("\0\0\0\0\1y");
            assertThat(whole.trailers()).containsExactly("grpc-status: 5", "grpc-message: not there");
            assertThat(status(longer)).isNotEqualTo("0");
        }
    }

    @Test
    void largeTrailersBehindMessagesPass() {
        String details = "d".repeat(12_000);
        try (RawHttp2 client = client(0, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false).send(RawHttp2.DATA, 0, stream, new byte[5]);
            peer.send(
                    RawHttp2.HEADERS,
                    5,
                    stream,
                    RawHttp2.block("grpc-status: 13", "grpc-status-details-bin: " + details));
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(call(client, 1).response(1).trailers())
                    .containsExactly("grpc-status: 13", "grpc-status-details-bin: " + details);
        }
    }

    @Test
    void whatIsAlwaysRefusedIsTriedNoMoreThanRetriesAllow() {
        AtomicInteger seen = new AtomicInteger();
        try (RawHttp2 client = client(2, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            seen.incrementAndGet();
            peer.send(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(REFUSED_STREAM));
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("14");
            assertThat(seen.get()).isEqualTo(3);
        }
    }

    /** Its connection had carried another call before, so that its end costs no retry. */
    @Test
    void whatComesTooLateForAConnectionThatLeavesGoesOverAnother() {
        AtomicInteger connections = new AtomicInteger();
        try (RawHttp2 client = client(0, peer -> {
            boolean first = connections.incrementAndGet() == 1;
            peer.good(peer.await(RawHttp2.HEADERS));
            int next = peer.await(RawHttp2.HEADERS);
            if (first) {
                peer.goAway(next - 2, NO_ERROR);
            }
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("0");
            assertThat(status(call(client, 3).response(3))).isEqualTo("0");
            assertThat(connections.get()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_ERROR, INTERNAL_ERROR, CANCEL})
    void whatAnUpstreamMayHaveDoneIsNotRepeated(int code) {
        try (RawHttp2 client = client(5, peer -> {
            peer.send(RawHttp2.RST_STREAM, 0, peer.await(RawHttp2.HEADERS), RawHttp2.number(code));
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("14");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void aCallThatIsResetInTheMiddleEndsWithItsStatus() {
        try (RawHttp2 client = client(2, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false).send(RawHttp2.DATA, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            peer.send(RawHttp2.RST_STREAM, 0, stream, RawHttp2.number(CANCEL));
            peer.await(RawHttp2.GOAWAY);
        })) {
            RawHttp2.Response response = call(client, 1).response(1);

            assertThat(response.body()).hasSize(5);
            assertThat(status(response)).isEqualTo("1");
        }
    }

    @Test
    void aCallWhoseConnectionIsLostInTheMiddleEndsWithItsStatus() {
        try (RawHttp2 client = client(2, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false).send(RawHttp2.DATA, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        })) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("14");
        }
    }

    @Test
    void aCallThatStallsInTheMiddleOfItsAnswerEndsWithItsStatus() {
        try (RawHttp2 client = client(2, 1_000, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false).send(RawHttp2.DATA, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            peer.await(RawHttp2.GOAWAY);
        })) {
            RawHttp2.Response response = call(client, 1).response(1);

            assertThat(response.body()).hasSize(5);
            assertThat(status(response)).isEqualTo("4");
        }
    }

    private static byte[] flood(int type, int flags, int length) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] frame = RawHttp2.frameBytes(type, flags, 0, new byte[length]);
        for (int i = 0; i < 500; i++) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    /** Sends it until the gateway has had enough. */
    private static void flood(RawUpstream.Peer peer, byte[] frames) {
        try {
            for (int i = 0; i < 2_000; i++) {
                peer.write(frames);
            }
        } catch (IOException e) {
            return;
        }
        throw new AssertionError("a million frames were taken");
    }

    @ParameterizedTest
    @ValueSource(ints = {RawHttp2.PING, RawHttp2.SETTINGS, 0x55})
    void anUpstreamThatFloodsLosesItsConnection(int type) throws InterruptedException {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        byte[] flood = flood(type, 0, type == RawHttp2.PING ? 8 : 0);
        upstream = RawUpstream.start(peer -> {
            peer.read(RawHttp2.PREFACE.length());
            RawHttp2Upstream.Peer frames = RawHttp2Upstream.over(peer);
            frames.send(RawHttp2.SETTINGS, 0, 0);
            int stream = frames.await(RawHttp2.HEADERS);
            if (stream == 1 && upstream.connections() == 1) {
                frames.good(stream); // floods while it is idle
            }
            flood(peer, flood);
            ends.add("ended");
        });
        Service service = Configs.speaking(Configs.service("s", upstream.port(), null, 0, 5_000), Protocol.GRPC);
        Route route = Configs.matching(Configs.route("r", "s", "/"), Set.of(Protocol.GRPC));
        gateway = TestGateway.start(Configs.of(List.of(service), List.of(route), List.of()));
        try (RawHttp2 client = RawHttp2.connect(gateway.listenHttp2()).begin()) {
            assertThat(status(call(client, 1).response(1))).isEqualTo("0");
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("ended");

            assertThat(status(call(client, 3).response(3))).isEqualTo("14"); // floods instead of an answer
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("ended");
        }
    }

    @Test
    void aDeadlineEndsACallThatHasNoAnswer() throws InterruptedException {
        BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();
        try (RawHttp2 client = client(2, peer -> {
            peer.await(RawHttp2.HEADERS);
            resets.add(peer.awaitFrame(RawHttp2.RST_STREAM, 0).number(0));
        })) {
            long start = System.nanoTime();

            assertThat(status(call(client, 1, "grpc-timeout: 1S").response(1))).isEqualTo("4");
            assertThat(System.nanoTime() - start).isBetween(950_000_000L, 4_000_000_000L);
            assertThat(resets.poll(10, TimeUnit.SECONDS)).isEqualTo(CANCEL);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void aDeadlineEndsACallInTheMiddleOfItsAnswer() throws InterruptedException {
        BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();
        try (RawHttp2 client = client(2, peer -> {
            int stream = peer.await(RawHttp2.HEADERS);
            peer.head(stream, false).send(RawHttp2.DATA, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            resets.add(peer.awaitFrame(RawHttp2.RST_STREAM, 0).number(0));
        })) {
            RawHttp2.Response response =
                    call(client, 1, "grpc-timeout: 1000000u").response(1);

            assertThat(response.body()).hasSize(5);
            assertThat(status(response)).isEqualTo("4");
            assertThat(resets.poll(10, TimeUnit.SECONDS)).isEqualTo(CANCEL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "m", "-5m", "123456789m", "5x", "5 m", "99999999H", "2562047H"})
    void whatIsNoDeadlineIsNone(String said) {
        try (RawHttp2 client = client(2, peer -> {
            peer.good(peer.await(RawHttp2.HEADERS));
            peer.await(RawHttp2.GOAWAY);
        })) {
            assertThat(status(call(client, 1, "grpc-timeout: " + said).response(1)))
                    .isEqualTo("0");
        }
    }
}
