package io.sluice.state.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.circuit.CircuitSamples;
import io.sluice.state.circuit.SharedCircuits;
import io.sluice.state.document.DocumentSamples;
import io.sluice.state.document.SharedDocument;
import io.sluice.state.health.ClusterHealth;
import io.sluice.state.health.HealthSamples;
import io.sluice.state.limit.crdt.LimitSamples;
import io.sluice.state.membership.ClusterNode;
import io.sluice.state.membership.PeerSamples;
import io.sluice.state.rollout.RolloutSamples;
import io.sluice.state.rollout.SharedRollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that nodes of this and of earlier versions sent, one file each: {@code <manifest>.txt} with the bytes in its first line and
 * what they mean in its second; {@code <manifest>+<what>.txt} has fields that were added later. Such a file never changes. {@code -Dwire.write} writes those of new messages.
 */
class WireCompatibilityTest {

    private static final Path FOLDER = Path.of("src/test/resources/wire");
    private static final List<WireMessage> SAMPLES = Stream.of(
                    PeerSamples.all(),
                    LimitSamples.all(),
                    HealthSamples.all(),
                    CircuitSamples.all(),
                    RolloutSamples.all(),
                    DocumentSamples.all())
            .flatMap(List::stream)
            .toList();
    private static final WireCodecs CODECS = WireCodecs.of(
            ClusterNode.codecs(),
            LimitSamples.codecs(),
            ClusterHealth.codecs(),
            SharedCircuits.codecs(),
            SharedRollout.codecs(),
            SharedDocument.codecs());
    private static final WireSerializer SERIALIZER = new WireSerializer(CODECS, new WireFaults(NodeId::show), () -> 42);

    static List<Path> stored() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    static List<WireMessage> samples() {
        return SAMPLES;
    }

    @ParameterizedTest
    @MethodSource("stored")
    void whatWasSentOnceIsReadForEver(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);

        Object read = SERIALIZER.fromBinary(HexFormat.of().parseHex(lines.get(0)), manifest(file));

        assertThat(read).hasToString(lines.get(1));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void eachMessageIsStillWrittenAsStored(WireMessage sample) throws IOException {
        Path file = FOLDER.resolve(SERIALIZER.manifest(sample) + ".txt");
        String bytes = HexFormat.of().formatHex(SERIALIZER.toBinary(sample));
        if (System.getProperty("wire.write") != null && !Files.exists(file)) {
            Files.writeString(file, bytes + "\n" + sample + "\n");
        }

        assertThat(file).exists().content().isEqualTo(bytes + "\n" + sample + "\n");
    }

    static List<Map.Entry<String, WireMessage>> extended() {
        return Stream.concat(
                        HealthSamples.extended().entrySet().stream(),
                        Stream.of(Map.entry("finders", CircuitSamples.extended())))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("extended")
    void eachFieldThatWasAddedIsStillWrittenAsStored(Map.Entry<String, WireMessage> sample) throws IOException {
        WireMessage message = sample.getValue();
        Path file = FOLDER.resolve(SERIALIZER.manifest(message) + "+" + sample.getKey() + ".txt");
        String bytes = HexFormat.of().formatHex(SERIALIZER.toBinary(message));
        if (System.getProperty("wire.write") != null && !Files.exists(file)) {
            Files.writeString(file, bytes + "\n" + message + "\n");
        }

        assertThat(file).exists().content().isEqualTo(bytes + "\n" + message + "\n");
    }

    @Test
    void eachCodecHasASample() {
        assertThat(CODECS.all())
                .extracting(WireCodec::manifest)
                .containsExactlyInAnyOrderElementsOf(
                        SAMPLES.stream().map(SERIALIZER::manifest).toList());
    }

    private static String manifest(Path file) {
        String name = file.getFileName().toString();
        int added = name.indexOf('+');
        return name.substring(0, added < 0 ? name.length() - ".txt".length() : added);
    }
}
