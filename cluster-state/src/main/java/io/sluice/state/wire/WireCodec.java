package io.sluice.state.wire;

/**
 * How one type of message becomes bytes. The manifest that travels with them is {@code code.version}.
 *
 * <p>A field added at the end keeps the version: older nodes skip what they do not know, newer ones look at
 * {@link WireInput#left()}. Whatever older nodes would misread takes the next version, is sent only once all nodes know it, and is
 * read for as long as nodes of the version before may be in the cluster.
 *
 * @param code short name of the type; never given to another one
 * @param version what is written now, from 1; all versions up to it are read
 * @param addressed whether the bytes name the node that sends them. State that nodes pass on (a replicated value) is not: equal
 *     state must be equal bytes everywhere
 */
public record WireCodec<T extends WireMessage>(
        Class<T> type, String code, int version, boolean addressed, Writer<T> writer, Reader<T> reader) {

    /** A codec for messages from one node to another; the reader learns who sent it. */
    public static <T extends WireMessage> WireCodec<T> message(
            Class<T> type, String code, int version, Writer<T> writer, Reader<T> reader) {
        return new WireCodec<>(type, code, version, true, writer, reader);
    }

    /** A codec for state that nodes pass on, the same bytes from everyone. */
    public static <T extends WireMessage> WireCodec<T> state(
            Class<T> type, String code, int version, Writer<T> writer, Reader<T> reader) {
        return new WireCodec<>(type, code, version, false, writer, reader);
    }

    String manifest() {
        return code + '.' + version;
    }

    void write(WireMessage message, WireOutput out) {
        writer.write(type.cast(message), out);
    }

    /** Writes the fields of a message. */
    @FunctionalInterface
    public interface Writer<T> {

        void write(T message, WireOutput out);
    }

    /** Reads the fields that a node of the given version wrote. */
    @FunctionalInterface
    public interface Reader<T> {

        /**
         * Reads one message.
         *
         * @param version from 1 to the codec's own
         * @throws WireException if they make no such message; an unchecked exception counts as the same
         */
        T read(WireInput in, int version) throws WireException;
    }
}
