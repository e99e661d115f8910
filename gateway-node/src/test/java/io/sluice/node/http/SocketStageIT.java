package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One stage on one loop before a real socket: demand, half-close, completion, failure, resets and slow readers. */
class SocketStageIT {

    private static final int PIECE = 64 * 1024;

    private static EventLoopGroup group;
    private static EventLoop loop;
    private static ActorSystem system;
    private static ServerSocketChannel server;

    private Socket client;
    private SocketChannel accepted;

    @BeforeAll
    static void start() throws IOException {
        group = EventLoopGroup.start(1);
        loop = group.loops().get(0);
        system = ActorSystem.create("socket-stage", group.dispatchers().withFallback(ConfigFactory.load()));
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
        group.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = new Socket();
        client.setReceiveBufferSize(PIECE);
        client.setSoTimeout(10_000);
        client.connect(server.getLocalAddress());
        accepted = server.accept();
        accepted.configureBlocking(false);
    }

    @AfterEach
    void everySocketIsClosedInTheEnd() throws IOException {
        client.close();
        await().until(() -> loop.counters().open() == 0);
        assertThat(accepted.isOpen()).isFalse();
    }

    /** Runs a graph on the loop. */
    private static <M> M run(RunnableGraph<M> graph) {
        CompletableFuture<M> value = new CompletableFuture<>();
        loop.execute(() -> value.complete(graph.withAttributes(
                        ActorAttributes.dispatcher(group.dispatcher(0)).and(Attributes.inputBuffer(1, 1)))
                .run(SystemMaterializer.get(system).materializer())));
        return value.join();
    }

    private static Sink<ByteBuffer, SinkQueueWithCancel<String>> texts() {
        return Flow.of(ByteBuffer.class).map(SocketStageIT::text).toMat(Sink.queue(), Keep.right());
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Bytes.text(bytes);
    }

    /**
     * Both ends of a running stage.
     *
     * @param received asks for one element more than was pulled
     */
    private record Ends(SourceQueueWithComplete<ByteBuffer> sent, SinkQueueWithCancel<String> received) {

        /** What arrives next; empty at the end. */
        Optional<String> next() throws Exception {
            return received.pull().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }

        void send(ByteBuffer bytes) {
            sent.offer(bytes);
        }

        /** The stage wants nothing more to send. */
        void awaitCancellation() {
            await().until(() -> sent.watchCompletion().toCompletableFuture().isDone());
        }
    }

    private Ends ends(long sendTimeoutMillis) {
        Source<ByteBuffer, SourceQueueWithComplete<ByteBuffer>> source =
                Source.queue(1, OverflowStrategy.backpressure());
        return run(source.viaMat(new SocketStage(accepted, sendTimeoutMillis), Keep.left())
                .toMat(texts(), Keep.both())
                .mapMaterializedValue(pair -> new Ends(pair.first(), pair.second())));
    }

    /** Everything that was ready or queued on the loop before has been handled. */
    private static void settle() {
        for (int i = 0; i < 20; i++) {
            CompletableFuture.runAsync(() -> {}, loop).join();
        }
    }

    private static ByteBuffer random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private void reads(ByteBuffer expected) throws IOException {
        assertThat(client.getInputStream().readNBytes(expected.capacity())).isEqualTo(expected.array());
    }

    private String clientEnding() throws IOException {
        try {
            while (client.getInputStream().read() >= 0) {
                // what was sent before
            }
            return "end";
        } catch (SocketException e) {
            return "reset";
        }
    }

    @Test
    void readsOnlyOnDemand() throws Exception {
        var ends = ends(10_000);
        settle();
        client.getOutputStream().write('a');
        assertThat(ends.next()).contains("a");
        settle();
        long before = loop.counters().bytesIn();

        client.getOutputStream().write('b');
        settle();
        client.getOutputStream().write('c');
        settle();

        assertThat(loop.counters().bytesIn() - before)
                .as("one element may wait in front of the queue")
                .isLessThan(2);
        String rest = ends.next().orElseThrow();
        if (rest.length() < 2) {
            rest += ends.next().orElseThrow();
        }
        assertThat(rest).isEqualTo("bc");
        ends.sent().complete();
    }

    @Test
    void aPeerThatSendsNoMoreIsStillAnswered() throws Exception {
        var ends = ends(10_000);
        client.shutdownOutput();
        assertThat(ends.next()).isEmpty();

        ByteBuffer answer = random(3_000_000, 1);
        ends.send(answer.duplicate());
        reads(answer);
        ends.sent().complete();

        assertThat(clientEnding()).isEqualTo("end");
    }

    @Test
    void completionSendsEverythingFirst() throws Exception {
        var ends = ends(10_000);
        ByteBuffer answer = random(8_000_000, 2);

        ends.send(answer.duplicate());
        ends.sent().complete();

        reads(answer);
        assertThat(clientEnding()).isEqualTo("end");
    }

    @Test
    void completionSparesAPeerThatStillSends() throws Exception {
        var ends = ends(10_000);
        ByteBuffer answer = random(200_000, 3);
        ends.send(answer.duplicate());
        ends.sent().complete();
        settle();

        for (int i = 0; i < 20; i++) {
            client.getOutputStream().write(new byte[PIECE]);
        }

        reads(answer);
        assertThat(clientEnding()).isEqualTo("end");
    }

    @Test
    void failureResetsTheConnection() throws Exception {
        var ends = ends(10_000);
        ends.send(ByteBuffer.wrap(Bytes.of("half")));
        assertThat(client.getInputStream().readNBytes(4)).hasSize(4);

        ends.sent().fail(new IllegalStateException("not whole"));

        assertThat(clientEnding()).isEqualTo("reset");
    }

    @Test
    void aResetByThePeerFailsTheStream() throws Exception {
        var ends = ends(10_000);
        settle();

        client.setSoLinger(true, 0);
        client.close();

        assertThatThrownBy(ends::next).hasCauseInstanceOf(ConnectionLostException.class);
        ends.awaitCancellation();
    }

    @Test
    void aPeerThatReadsNothingIsGivenUp() {
        var ends = ends(100);

        ends.send(random(16_000_000, 4));

        ends.awaitCancellation();
        await().until(() -> !accepted.isOpen());
        assertThatThrownBy(() -> client.getInputStream().readNBytes(16_000_000)).isInstanceOf(SocketException.class);
    }

    @Test
    void asksForNoMoreThanThePeerTakes() throws Exception {
        int pieces = 3200;
        ByteBuffer piece = random(PIECE, 5);
        AtomicLong pulled = new AtomicLong();
        long before = loop.counters().bytesOut();
        Source<ByteBuffer, NotUsed> source = Source.range(1, pieces).map(i -> {
            long sent = loop.counters().bytesOut() - before;
            if (pulled.addAndGet(PIECE) - sent > 2 * PIECE) {
                throw new IllegalStateException("asked for " + pulled + " bytes when " + sent + " were sent");
            }
            return piece.duplicate();
        });
        run(source.via(new SocketStage(accepted, 10_000)).to(Sink.ignore()));
        settle();
        long aheadOfReading = pulled.get();

        for (int i = 0; i < pieces; i++) {
            reads(piece);
        }

        assertThat(aheadOfReading).isLessThan((long) pieces * PIECE / 4);
        assertThat(clientEnding()).isEqualTo("end");
        assertThat(loop.counters().bytesOut() - before).isEqualTo((long) pieces * PIECE);
    }
}
