package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** However the network cuts frames, their ends are found. */
class WebSocketFramesProperties {

    record Frame(int opcode, int length, boolean masked) {}

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 300)
    void knowsTheEndsOfFramesHoweverTheyAreCut(
            @ForAll("frames") @Size(max = 6) List<Frame> frames, @ForAll("cuts") List<Integer> cuts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Set<Integer> ends = new HashSet<>(Set.of(0));
        for (Frame frame : frames) {
            write(frame, all);
            ends.add(all.size());
        }
        byte[] bytes = all.toByteArray();
        WebSocketFrames followed = new WebSocketFrames();
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            assertThat(followed.between()).isEqualTo(ends.contains(at));
            int to = Math.min(bytes.length, at + cuts.get(i % cuts.size()));
            followed.follow(ByteBuffer.wrap(bytes, at, to - at));
            at = to;
        }

        assertThat(followed.between()).isTrue();
        assertThat(followed.closing()).isEqualTo(frames.stream().anyMatch(frame -> frame.opcode() == 8));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anythingMayPass(@ForAll byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);

        new WebSocketFrames().follow(buffer);

        assertThat(buffer.position()).isZero();
    }

    @Example
    void theLongestLengthIsNotAnEnd() {
        WebSocketFrames frames = new WebSocketFrames();
        frames.follow(ByteBuffer.wrap(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0}));

        assertThat(frames.between()).isFalse();
    }

    private static void write(Frame frame, ByteArrayOutputStream out) {
        int mask = frame.masked() ? 0x80 : 0;
        out.write(0x80 | frame.opcode());
        if (frame.length() < 126) {
            out.write(mask | frame.length());
        } else if (frame.length() < 65536) {
            out.writeBytes(new byte[] {(byte) (mask | 126), (byte) (frame.length() >> 8), (byte) frame.length()});
        } else {
            out.writeBytes(new byte[] {
                (byte) (mask | 127),
                0,
                0,
                0,
                0,
                0,
                (byte) (frame.length() >> 16),
                (byte) (frame.length() >> 8),
                (byte) frame.length()
            });
        }
        byte[] rest = new byte[frame.length() + (frame.masked() ? 4 : 0)];
        java.util.Arrays.fill(rest, (byte) 0x88); // as if each were a Close
        out.writeBytes(rest);
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<Integer> lengths = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 130), Arbitraries.of(125, 126, 127, 65_535, 65_536, 70_000));
        return Arbitraries.of(0, 1, 2, 8, 9, 10)
                .flatMap(opcode -> lengths.flatMap(
                        length -> Arbitraries.of(true, false).map(masked -> new Frame(opcode, length, masked))))
                .list();
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.integers().between(1, 40_000))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
