package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.BodyFilter;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** {@link BodyReader} and {@link BodyWriter} where properties do not reach. */
class BodyReaderTest {

    private final BodyReader reader = BodyReader.ofRequests();
    private final OutBuffer out = new OutBuffer(64);
    private final BodyWriter writer = new BodyWriter(out);

    private boolean read(String text) {
        return reader.read(ByteBuffer.wrap(Bytes.of(text)), writer);
    }

    private void start(long length, BodyWriter.Framing framing, BodyFilter... filters) {
        reader.start(length);
        writer.start(out, framing, List.of(filters));
    }

    @Test
    void handsOutHalfAChunkAtOnce() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);

        read("a\r\n012");

        assertThat(Bytes.text(out)).isEqualTo("a\r\n012");
        assertThat(reader.done()).isFalse();
        assertThat(reader.left()).isEqualTo(7);
    }

    @Test
    void countsWhatIsPassedWithoutBeingLookedAt() {
        start(10, BodyWriter.Framing.PLAIN);

        assertThat(reader.canSkip(10)).isTrue();
        assertThat(reader.canSkip(11)).isFalse();
        reader.skip(4);
        assertThat(reader.canSkip(7)).isFalse();
        assertThat(reader.left()).isEqualTo(6);
        reader.skip(6);

        assertThat(reader.done()).isTrue();
        assertThat(reader.received()).isEqualTo(10);
        assertThat(reader.canSkip(1)).isFalse();
    }

    @Test
    void aFixedBodyCutOffIsNotWhole() {
        start(10, BodyWriter.Framing.PLAIN);
        read("012");

        assertThat(reader.close(writer)).isFalse();
    }

    @Test
    void chunksCutOffAreNotWhole() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);
        read("3\r\nabc\r\n0\r\n");

        assertThat(reader.close(writer)).isFalse();
        assertThat(Bytes.text(out)).isEqualTo("3\r\nabc\r\n");
    }

    @Test
    void startsOverInTheMiddleOfAnything() {
        for (String begun : List.of("3", "3;x", "3\r", "3\r\na", "3\r\nabc", "3\r\nabc\r", "0\r\nX: y\r\n", "zzz")) {
            start(RequestHead.CHUNKED, BodyWriter.Framing.NONE);
            read(begun);
            out.clear();

            start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);

            assertThat(read("1\r\nx\r\n0\r\nX-T: 1\r\n\r\n")).isTrue();
            assertThat(reader.done()).isTrue();
            assertThat(Bytes.text(out)).isEqualTo("1\r\nx\r\n0\r\nX-T: 1\r\n\r\n");
            assertThat(reader.received()).isEqualTo(1);
        }
    }

    @Test
    void takesTheLargestChunkSizeAndRefusesLonger() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);
        assertThat(read("fffffffffffffff\r\nab")).isTrue();
        assertThat(reader.left()).isEqualTo(0xfffffffffffffffL - 2);

        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);
        assertThat(read("1000000000000000")).isFalse();
    }

    @Test
    void boundsTheLineOfAChunk() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);
        assertThat(read("1;" + "x".repeat(4000) + "\r\na\r\n1;" + "x".repeat(4000) + "\r\n"))
                .isTrue();

        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_KEPT);
        assertThat(read("1;" + "x".repeat(4096))).isFalse();
    }

    @Test
    void writesNothingWhereNoBodyMayBe() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.NONE);

        assertThat(read("3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")).isTrue();
        assertThat(reader.done()).isTrue();
        assertThat(out.isEmpty()).isTrue();
        assertThat(writer.written()).isZero();
    }

    @Test
    void filtersSeeEveryPieceAndAddTheirEnd() {
        start(RequestHead.CHUNKED, BodyWriter.Framing.CHUNKS_NEW, new Marking("<", ">"), new Marking("{", "}"));

        read("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");

        reader.start(RequestHead.CHUNKED);
        String wire = Bytes.text(out);
        writer.start(out, BodyWriter.Framing.PLAIN, List.of());
        assertThat(read(wire)).isTrue();
        assertThat(Bytes.text(out)).isEqualTo("{<ab{<c{>}");
        assertThat(writer.written()).isEqualTo(10);
    }

    /** Puts a mark before every piece and another at the end. */
    private record Marking(String before, String last) implements BodyFilter {
        @Override
        public ByteString onChunk(ByteString chunk) {
            return ByteString.fromString(before).concat(chunk);
        }

        @Override
        public ByteString onEnd() {
            return ByteString.fromString(last);
        }
    }
}
