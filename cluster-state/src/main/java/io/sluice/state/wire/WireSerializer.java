package io.sluice.state.wire;

import java.io.NotSerializableException;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.remote.AddressUidExtension;
import org.apache.pekko.serialization.SerializationSetup;
import org.apache.pekko.serialization.SerializerDetails;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The one serialiser for everything of ours that leaves the JVM.
 *
 * <p>Bytes: one byte 1 and the sender's id (8 bytes), or one byte 0 for state; then what the codec wrote. The sender is in there
 * because Artery does not tell a serialiser who sent something, and a peer that sends nonsense should be named. Bytes that cannot be
 * read never throw out of here if they say that they are a message: Artery would log each of them. Any thread.
 */
public final class WireSerializer extends SerializerWithStringManifest {

    private static final int IDENTIFIER = 7355;
    private static final int USUAL_SIZE = 64;
    private static final int LONGEST_MANIFEST = 64;

    private final WireCodecs codecs;
    private final WireFaults faults;
    private final LongSupplier self;

    /**
     * @param self id of this node, asked for each message
     */
    WireSerializer(WireCodecs codecs, WireFaults faults, LongSupplier self) {
        this.codecs = codecs;
        this.faults = faults;
        this.self = self;
    }

    /** What an actor system is created with so that it has this serialiser. */
    public static SerializationSetup setup(WireCodecs codecs, WireFaults faults) {
        return SerializationSetup.create(system -> List.of(SerializerDetails.create(
                "sluice-wire", new WireSerializer(codecs, faults, new SelfId(system)), List.of(WireMessage.class))));
    }

    /** The address is known only once the transport is bound, which is after the serialiser is made. */
    private static final class SelfId implements LongSupplier {
        private final ExtendedActorSystem system;
        private volatile long id;

        SelfId(ExtendedActorSystem system) {
            this.system = system;
        }

        @Override
        public long getAsLong() {
            if (id == 0) {
                id = NodeId.of(
                        system.provider().getDefaultAddress(),
                        AddressUidExtension.get(system).longAddressUid());
            }
            return id;
        }
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return codecs.codecFor(message).manifest();
    }

    @Override
    public byte[] toBinary(Object message) {
        WireCodec<?> codec = codecs.codecFor(message);
        WireOutput out = new WireOutput(USUAL_SIZE).flag(codec.addressed());
        if (codec.addressed()) {
            out.fixed64(self.getAsLong());
        }
        codec.write((WireMessage) message, out);
        return out.toBytes();
    }

    /**
     * The message, or an {@link Unreadable} in its place.
     *
     * @throws NotSerializableException if state cannot be read: whoever embeds it has to drop the whole
     */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        long sender = 0;
        boolean addressed = true;
        String reason;
        try {
            WireInput head = new WireInput(bytes, 0, 0);
            addressed = head.flag();
            sender = addressed ? head.fixed64() : 0;
            return read(new WireInput(bytes, bytes.length - head.left(), sender), manifest, addressed);
        } catch (WireException e) {
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            reason = "a value that is not allowed: " + e.getMessage();
        }
        Unreadable unreadable = new Unreadable(sender, shortened(manifest), reason);
        faults.count(unreadable);
        if (!addressed) {
            throw new NotSerializableException(unreadable.manifest() + ": " + reason);
        }
        return unreadable;
    }

    private WireMessage read(WireInput in, String manifest, boolean addressed) throws WireException {
        int dot = manifest.lastIndexOf('.');
        WireCodec<?> codec = dot < 0 ? null : codecs.byCode(manifest.substring(0, dot));
        if (codec == null) {
            throw new WireException("unknown type (expected: one that this version has)");
        }
        int version = version(manifest.substring(dot + 1));
        if (version < 1 || version > codec.version()) {
            throw new WireException("unknown version (expected: 1 to " + codec.version() + ")");
        }
        if (addressed != codec.addressed()) {
            throw new WireException(addressed ? "state with a sender" : "a message without its sender");
        }
        return codec.reader().read(in, version);
    }

    private static int version(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String shortened(String manifest) {
        return manifest.length() <= LONGEST_MANIFEST ? manifest : manifest.substring(0, LONGEST_MANIFEST);
    }
}
