package io.sluice.state.model.kind;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Ids that nobody gave: UUIDs of version 5 as Kong derives them, equal on every node and after every reload. */
public final class StableId {

    private static final UUID ROOT = UUID.fromString("fd02801f-0957-4a15-a55a-c8d9606f30b5");

    private StableId() {}

    /** The id of an entity of the kind (plural word) with that natural key. */
    public static UUID of(String kind, String key) {
        return version5(version5(ROOT, kind), key);
    }

    /** RFC 9562, section 5.5. */
    static UUID version5(UUID namespace, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer input = ByteBuffer.allocate(16 + text.length);
        input.putLong(namespace.getMostSignificantBits())
                .putLong(namespace.getLeastSignificantBits())
                .put(text);
        ByteBuffer digest = ByteBuffer.wrap(sha1(input.array()));
        long most = digest.getLong() & ~0xF000L | 0x5000L;
        long least = digest.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(most, least);
    }

    private static byte[] sha1(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
