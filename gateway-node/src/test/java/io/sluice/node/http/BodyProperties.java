package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Bodies mean the same however they are cut, and leave the gateway framed as they came. */
class BodyProperties {

    private final BodyReader reader = BodyReader.ofRequests();
    private final OutBuffer out = new OutBuffer(64);
    private final BodyWriter writer = new BodyWriter(out);

    /** A chunked body as sent, and as it should leave the gateway. */
    private record Chunked(String wire, String canonical, String content) {}

    /** What came of a body. */
    private record Result(boolean good, boolean done, int used, String written, long received) {}

    private Result run(byte[] wire, long length, BodyWriter.Framing framing, long seed) {
        Random random = new Random(seed);
        reader.start(length);
        out.clear();
        writer.start(out, framing, List.of());
        int from = 0;
        boolean good = true;
        while (good && from < wire.length && !reader.done()) {
            int to = Math.min(wire.length, from + 1 + random.nextInt(random.nextBoolean() ? 2 : 40));
            ByteBuffer piece = ByteBuffer.wrap(wire, from, to - from);
            good = reader.read(piece, writer);
            from = piece.position();
        }
        return new Result(good, reader.done(), from, Bytes.text(out), reader.received());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void chunksLeaveAsTheyCameInAnyCut(
            @ForAll("chunked") Chunked body, @ForAll long seed, @ForAll("tails") String tail) {
        Result result = run(Bytes.of(body.wire() + tail), RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT, seed);

        assertThat(result)
                .isEqualTo(new Result(
                        true,
                        true,
                        body.wire().length(),
                        body.canonical(),
                        body.content().length()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void unchunkedContentIsTheSameInAnyCut(@ForAll("chunked") Chunked body, @ForAll long seed) {
        Result result = run(Bytes.of(body.wire()), RequestHead.CHUNKED, BodyWriter.Framing.PLAIN, seed);

        assertThat(result.written()).isEqualTo(body.content());
        assertThat(writer.written()).isEqualTo(body.content().length());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void chunkingAnewDecodesToTheSameContent(@ForAll("chunked") Chunked body, @ForAll long seed, @ForAll long again) {
        Result once = run(Bytes.of(body.wire()), RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_NEW, seed);
        Result twice = run(Bytes.of(once.written()), RequestHead.CHUNKED, BodyWriter.Framing.PLAIN, again);

        assertThat(twice.good() && twice.done()).isTrue();
        assertThat(twice.written()).isEqualTo(body.content());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aFixedBodyEndsWhereItsLengthSays(@ForAll byte[] content, @ForAll long seed, @ForAll("tails") String tail) {
        byte[] wire = Arrays.copyOf(content, content.length + tail.length());
        System.arraycopy(Bytes.of(tail), 0, wire, content.length, tail.length());

        Result result = run(wire, content.length, BodyWriter.Framing.PLAIN, seed);

        assertThat(result).isEqualTo(new Result(true, true, content.length, Bytes.text(content), content.length));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aBodyUntilCloseIsEverything(@ForAll byte[] content, @ForAll long seed) {
        Result result = run(content, ResponseHead.UNTIL_CLOSE, BodyWriter.Framing.CHUNKS_NEW, seed);
        assertThat(result.done()).isFalse();

        writer.start(out, BodyWriter.Framing.CHUNKS_NEW, List.of());
        assertThat(reader.close(writer)).isTrue();
        String wire = result.written() + Bytes.text(out);

        Result decoded = run(Bytes.of(wire), RequestHead.CHUNKED, BodyWriter.Framing.PLAIN, seed);
        assertThat(decoded.done()).isTrue();
        assertThat(decoded.written()).isEqualTo(Bytes.text(content));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
    void noCutChangesWhatDamagedChunksMean(
            @ForAll("chunked") Chunked body, @ForAll("damages") String damage, @ForAll int at, @ForAll long seed) {
        int from = Math.floorMod(at, body.wire().length());
        String wire = body.wire().substring(0, from) + damage + body.wire().substring(from + (at & 1));

        Result whole = wholeAtOnce(wire);
        Result cut = run(Bytes.of(wire), RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT, seed);

        assertThat(cut.good()).isEqualTo(whole.good());
        assertThat(cut.done()).isEqualTo(whole.done());
        assertThat(cut.written()).isEqualTo(whole.written());
        if (whole.good()) {
            assertThat(cut).isEqualTo(whole);
        }
    }

    private Result wholeAtOnce(String wire) {
        reader.start(RequestHead.CHUNKED);
        out.clear();
        writer.start(out, BodyWriter.Framing.CHUNKS_KEPT, List.of());
        ByteBuffer all = ByteBuffer.wrap(Bytes.of(wire));
        boolean good = reader.read(all, writer);
        return new Result(good, reader.done(), all.position(), Bytes.text(out), reader.received());
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 3000)
    void garbageNeverThrows(@ForAll byte[] garbage, @ForAll long seed) {
        Result result = run(garbage, RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT, seed);

        assertThat(result.used()).isLessThanOrEqualTo(garbage.length);
    }

    @Provide
    Arbitrary<Chunked> chunked() {
        Arbitrary<byte[]> content =
                Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(300);
        Arbitrary<String> extension = Arbitraries.of("", "", ";a", ";a=b", ";a=\"\u00e9 ; \t\"");
        Arbitrary<String> trailers =
                Arbitraries.of("", "", "X-T: 1\r\n", "q:\r\nX-T:  \u00ff \r\n", "X-T: 1\r\nX-U: 2\r\nx-t: 3\r\n");
        Arbitrary<String> forbidden =
                Arbitraries.of("", "Host: evil\r\n", "content-LENGTH: 3\r\n", "x_consumer_id: 1\r\n");
        return Combinators.combine(
                        content.list().ofMaxSize(5), extension, trailers, forbidden, Arbitraries.of("", "00"))
                .as(BodyProperties::chunked);
    }

    private static Chunked chunked(
            List<byte[]> pieces, String extension, String trailers, String forbidden, String zeros) {
        StringBuilder wire = new StringBuilder();
        StringBuilder canonical = new StringBuilder();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            String size = Integer.toHexString(piece.length);
            String text = Bytes.text(piece) + "\r\n";
            wire.append(zeros)
                    .append(size.toUpperCase())
                    .append(extension)
                    .append("\r\n")
                    .append(text);
            canonical.append(size).append("\r\n").append(text);
            content.writeBytes(piece);
        }
        wire.append("0")
                .append(extension)
                .append("\r\n")
                .append(forbidden)
                .append(trailers)
                .append("\r\n");
        canonical.append("0\r\n").append(trailers).append("\r\n");
        return new Chunked(wire.toString(), canonical.toString(), Bytes.text(content.toByteArray()));
    }

    @Provide
    Arbitrary<String> damages() {
        return Arbitraries.of("", "\r", "\n", "\r\n", " ", "\0", "g", "0", "f", ";", ":", "\u0080", "0\r\n\r\n");
    }

    @Provide
    Arbitrary<String> tails() {
        return Arbitraries.of("", "\r\n", "GET / HTTP/1.1\r\n\r\n", "0\r\n\r\n", "\0");
    }
}
