package io.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against servers whose behaviour is known. */
class FixedRateClientTest {
    private static final long MILLI = 1_000_000;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void getsAnAnswerToEveryRequestOfARun() throws IOException {
        try (var server = new StreamServer(0)) {
            var client = FixedRateClient.of(target(server.port()), 4);

            var report = client.run(500, 0.5);

            assertThat(report.isComplete()).isTrue();
            assertThat(report.toString()).startsWith("requests=250 unanswered=0 failed=0 reopened=0 ");
        }
    }

    @Test
    void isItsOwnUpstreamIfAsked() throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (var client = FixedRateClient.withUpstream(target(port), 4, port)) {

            var report = client.run(500, 0.5);

            assertThat(report.toString()).startsWith("requests=250 unanswered=0 failed=0 reopened=0 ");
        }
    }

    @Test
    @Timeout(30)
    void chargesAStallToEveryRequestThatWasDueInIt() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var clock = new AtomicLong();
            answerWithAStall(server, clock);
            var client = FixedRateClient.of(target(server.getLocalPort()), 1, clock::get);

            var report = client.run(200, 1);

            // 80 of the 200 requests were due within the 400 ms; a closed loop would have seen a single slow one.
            assertThat(report.latency(1)).isEqualTo(400 * MILLI);
            assertThat(report.latency(0.99)).isEqualTo(390 * MILLI);
            assertThat(report.latency(0.75)).isEqualTo(150 * MILLI);
            assertThat(report.latency(0.6)).isEqualTo(5 * MILLI);
            assertThat(report.unanswered()).isZero();
        }
    }

    @Test
    void opensAConnectionAgainThatTheServerEndedBetweenAnswers() throws IOException {
        try (var server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            answerOnceOnEachConnection(server);
            var client = FixedRateClient.of(target(server.getLocalPort()), 1);

            var report = client.run(100, 0.2);

            assertThat(report.unanswered()).isZero();
            assertThat(report.failed()).isZero();
            assertThat(report.toString()).doesNotContain("reopened=0 ");
        }
    }

    /** Moves the clock to when the next request is due before it answers, at the 51st request by 400 ms. */
    private static void answerWithAStall(ServerSocket server, AtomicLong clock) {
        daemon(() -> {
            try (var client = server.accept()) {
                var in = new BufferedInputStream(client.getInputStream());
                for (int count = 0; ; count++) {
                    Message.read(in);
                    long nextDue = (count + 1) * 5 * MILLI;
                    clock.set(count == 50 ? clock.get() + 400 * MILLI : Math.max(clock.get(), nextDue));
                    client.getOutputStream().write(ANSWER);
                }
            }
        });
    }

    private static void answerOnceOnEachConnection(ServerSocket server) {
        daemon(() -> {
            while (true) {
                try (var client = server.accept()) {
                    Message.read(new BufferedInputStream(client.getInputStream()));
                    client.getOutputStream().write(ANSWER);
                }
            }
        });
    }

    private static void daemon(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static Target target(int port) {
        return Target.of("http://127.0.0.1:" + port + "/", List.of());
    }

    private interface Work {
        void run() throws IOException;
    }
}
