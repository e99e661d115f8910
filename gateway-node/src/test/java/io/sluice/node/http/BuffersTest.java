package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ByteWriter}, {@link OutBuffer} and {@link HeadBuffers}. */
class BuffersTest {

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 9, 10, 15, 16, 99, 100, 255, 256, 4095, 1_000_000_007, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    void writesNumbers(long number) {
        ByteWriter writer = new ByteWriter(1);
        writer.putDecimal(number);
        writer.put((byte) ' ');
        writer.putHex(number);
        writer.crlf();

        assertThat(Bytes.text(writer)).isEqualTo(number + " " + Long.toHexString(number) + "\r\n");
    }

    @Test
    void writesEveryPowerAndItsNeighbours() {
        ByteWriter writer = new ByteWriter(1);
        for (int bit = 0; bit < 63; bit++) {
            for (long number = Math.max(0, (1L << bit) - 1); number <= (1L << bit) + 1; number++) {
                writer.clear();
                writer.putHex(number);
                writer.put("/");
                writer.putDecimal(number);
                assertThat(Bytes.text(writer)).isEqualTo(Long.toHexString(number) + "/" + number);
            }
        }
    }

    @Test
    void aWriterGrowsAndForgets() {
        ByteWriter writer = new ByteWriter(0);
        writer.put("\u00ff\u0080a");
        writer.put(Bytes.of("xbcx"), 1, 3);
        ByteBuffer piece = ByteBuffer.wrap(Bytes.of("12345"), 1, 3);
        writer.put(piece);
        writer.put((byte) 0);

        assertThat(Bytes.text(writer)).isEqualTo("\u00ff\u0080abc234\0");
        assertThat(writer.length()).isEqualTo(9);
        assertThat(piece.hasRemaining()).isFalse();
        writer.clear();
        assertThat(writer.length()).isZero();
    }

    @Test
    void anOutBufferKeepsItsContentWhenItOutgrowsTheLoopsMemory() {
        OutBuffer out = new OutBuffer(16);
        Random random = new Random(5);
        ByteWriter expected = new ByteWriter(16);
        for (int i = 0; i < 200; i++) {
            byte[] piece = new byte[random.nextInt(30)];
            random.nextBytes(piece);
            expected.put(piece);
            switch (i % 3) {
                case 0 -> out.put(piece);
                case 1 -> out.put(ByteBuffer.wrap(piece));
                default -> {
                    byte[] wide = Arrays.copyOf(piece, piece.length + 5);
                    out.put(wide, 0, piece.length);
                }
            }
        }

        assertThat(out.length()).isEqualTo(expected.length());
        ByteWriter tail = new ByteWriter(1);
        out.copyFrom(100, tail);
        assertThat(Bytes.text(tail)).isEqualTo(Bytes.text(expected).substring(100));
        assertThat(Bytes.text(out)).isEqualTo(Bytes.text(expected));
    }

    @Test
    void aClearedOutBufferIsTheLoopsMemoryAgain() {
        OutBuffer out = new OutBuffer(4);
        out.put("longer".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(out.flip().isDirect()).isFalse();

        out.clear();
        assertThat(out.isEmpty()).isTrue();
        out.put("ab".getBytes(StandardCharsets.ISO_8859_1));

        ByteBuffer gathered = out.flip();
        assertThat(gathered.isDirect()).isTrue();
        assertThat(StandardCharsets.ISO_8859_1.decode(gathered).toString()).isEqualTo("ab");
    }

    @Test
    void lendsUsualArraysAgainAndMakesLargeOnesAnew() {
        HeadBuffers buffers = new HeadBuffers();
        byte[] usual = buffers.take(10);
        byte[] large = buffers.take(HeadBuffers.BYTES + 1);
        assertThat(usual).hasSize(HeadBuffers.BYTES);
        assertThat(large).hasSize(HeadBuffers.BYTES + 1);

        buffers.give(large);
        buffers.give(usual);

        assertThat(buffers.take(HeadBuffers.BYTES + 1)).isNotSameAs(large);
        assertThat(buffers.take(HeadBuffers.BYTES)).isSameAs(usual);
        assertThat(buffers.take(1)).isNotSameAs(usual);
    }
}
