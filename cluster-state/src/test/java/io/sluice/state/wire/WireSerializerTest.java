package io.sluice.state.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class WireSerializerTest {

    private static final long SELF = 42;

    private final WireFaults faults = new WireFaults(id -> "node " + id);
    private final WireSerializer serializer = serializer(faults);

    record Note(long sender, String text) implements WireMessage {}

    record Sum(long value) implements WireMessage {}

    @Test
    void messageArrivesWithItsSender() throws Exception {
        byte[] bytes = serializer.toBinary(new Note(0, "hello"));

        assertThat(serializer.manifest(new Note(0, ""))).isEqualTo("note.2");
        assertThat(serializer.fromBinary(bytes, "note.2")).isEqualTo(new Note(SELF, "hello"));
    }

    @Test
    void stateIsTheSameBytesFromEveryNode() throws Exception {
        WireSerializer other = new WireSerializer(codecs(), faults, () -> 7);

        byte[] bytes = serializer.toBinary(new Sum(3));

        assertThat(other.toBinary(new Sum(3))).isEqualTo(bytes);
        assertThat(other.fromBinary(bytes, "sum.1")).isEqualTo(new Sum(3));
    }

    @Test
    void fieldsThatANewerNodeAppendsAreSkipped() throws Exception {
        byte[] bytes = serializer.toBinary(new Note(0, "a"));

        byte[] longer = Arrays.copyOf(bytes, bytes.length + 5);

        assertThat(serializer.fromBinary(longer, "note.2")).isEqualTo(new Note(SELF, "a"));
    }

    @Test
    void olderVersionsAreRead() throws Exception {
        byte[] bytes = new WireOutput(9).flag(true).fixed64(SELF).toBytes();

        assertThat(serializer.fromBinary(bytes, "note.1")).isEqualTo(new Note(SELF, "(version 1)"));
    }

    @ParameterizedTest
    @CsvSource({
        "note.3, unknown version (expected: 1 to 2)",
        "note.0, unknown version (expected: 1 to 2)",
        "note.x, unknown version (expected: 1 to 2)",
        "memo.1, unknown type (expected: one that this version has)",
        "note, unknown type (expected: one that this version has)",
        "'', unknown type (expected: one that this version has)",
        "sum.1, state with a sender"
    })
    void whatIsUnknownBecomesUnreadableAndIsCounted(String manifest, String reason) throws Exception {
        byte[] bytes = serializer.toBinary(new Note(0, "a"));

        assertThat(serializer.fromBinary(bytes, manifest)).isEqualTo(new Unreadable(SELF, manifest, reason));
        assertThat(faults.from(SELF)).isEqualTo(1);
    }

    @Property(tries = 300)
    void anyBytesEndAsAMessageOrAsUnreadableOrAsBrokenState(@ForAll byte[] bytes) {
        WireFaults quiet = new WireFaults(id -> "x");
        try {
            assertThat(serializer(quiet).fromBinary(bytes, "note.2")).isInstanceOfAny(Note.class, Unreadable.class);
        } catch (NotSerializableException e) {
            assertThat(bytes[0]).isZero();
            assertThat(quiet.total()).isEqualTo(1);
        }
    }

    @Test
    void valueThatTheTypeRefusesIsUnreadable() throws Exception {
        byte[] bytes = serializer.toBinary(new Note(0, "refused"));

        assertThat(serializer.fromBinary(bytes, "note.2"))
                .isEqualTo(new Unreadable(SELF, "note.2", "a value that is not allowed: refused"));
    }

    @Test
    void brokenStateIsThrownForWhoeverEmbedsIt() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {0}, "sum.1"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("sum.1: it ends after 1 bytes");
    }

    @Test
    void eachPeerIsLoggedOnceAndMadeUpOnesNotForEver() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(WireFaults.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            for (int peer = 1; peer <= 1_000; peer++) {
                byte[] bytes = new WireOutput(9).flag(true).fixed64(peer).toBytes();
                serializer.fromBinary(bytes, "nonsense.1");
                serializer.fromBinary(bytes, "nonsense.1");
            }
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(faults.total()).isEqualTo(2_000);
        assertThat(faults.from(1)).isEqualTo(2);
        assertThat(logged.list).hasSize(64);
        assertThat(logged.list.get(0).getKeyValuePairs()).asString().contains("node 1", "nonsense.1", "unknown type");
    }

    @Test
    void codeOrTypeWithTwoCodecsIsRefused() {
        assertThatThrownBy(() -> WireCodecs.of(codecs().all(), codecs().all()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is another codec");
    }

    @Test
    void restartedNodeHasAnotherId() {
        Address address = new Address("pekko", "sluice", "127.0.0.1", 7355);

        assertThat(NodeId.of(address, 1)).isNotEqualTo(NodeId.of(address, 2));
        assertThat(NodeId.show(NodeId.of(address, 1))).isEqualTo("4fc42b8d2a442e12");
        assertThat(NodeId.show(10)).isEqualTo("000000000000000a");
    }

    private static WireSerializer serializer(WireFaults faults) {
        return new WireSerializer(codecs(), faults, () -> SELF);
    }

    private static WireCodecs codecs() {
        return WireCodecs.of(
                List.of(WireCodec.message(
                        Note.class,
                        "note",
                        2,
                        (note, out) -> out.text(note.text()),
                        (in, version) -> new Note(in.sender(), version == 1 ? "(version 1)" : allowed(in.text())))),
                List.of(WireCodec.state(
                        Sum.class,
                        "sum",
                        1,
                        (sum, out) -> out.varint(sum.value()),
                        (in, version) -> new Sum(in.varint()))));
    }

    private static String allowed(String text) {
        if (text.equals("refused")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
