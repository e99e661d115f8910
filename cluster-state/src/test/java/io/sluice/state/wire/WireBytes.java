package io.sluice.state.wire;

import java.io.NotSerializableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as bytes and back, as node {@link #SENDER} sends them. */
public final class WireBytes {

    public static final long SENDER = 42;

    private final WireSerializer serializer;
    private final WireCodecs codecs;

    public WireBytes(List<WireCodec<?>> codecs) {
        this.codecs = WireCodecs.of(codecs);
        this.serializer = new WireSerializer(this.codecs, new WireFaults(NodeId::show), () -> SENDER);
    }

    public byte[] bytes(WireMessage message) {
        return serializer.toBinary(message);
    }

    public Object read(Class<? extends WireMessage> type, byte[] bytes) {
        Object read = readOrNull(type, bytes);
        if (read == null) {
            throw new AssertionError(type + " cannot be read");
        }
        return read;
    }

    public @Nullable WireMessage readOrNull(Class<? extends WireMessage> type, byte[] bytes) {
        String manifest = codecs.all().stream()
                .filter(codec -> codec.type() == type)
                .findFirst()
                .orElseThrow()
                .manifest();
        try {
            return (WireMessage) serializer.fromBinary(bytes, manifest);
        } catch (NotSerializableException e) {
            return null;
        }
    }
}
