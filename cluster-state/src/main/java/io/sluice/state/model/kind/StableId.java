package io.sluice.state.model.kind;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Ids that nobody gave: UUIDs of version 5 as Kong derives them, equal on every node and after every reload. */
public final class StableId {

    private static final UUID ROOT = UUID.fromString("fd02801f-0957-4a15-a55a-c8d9606f30b5");

    /** Copied for every id, which costs less than looking for the algorithm; itself it is given nothing. */
    private static final MessageDigest SHA1 = sha1();

    /** Those of the kinds there are: each is needed once for every entity. */
    private static final Map<String, UUID> KINDS = Arrays.stream(EntityKind.values())
            .collect(Collectors.toUnmodifiableMap(EntityKind::plural, kind -> version5(ROOT, kind.plural())));

    private StableId() {}

    /** The id of an entity of the kind (plural word) with that natural key. */
    public static UUID of(String kind, String key) {
        UUID known = KINDS.get(kind);
        return version5(known == null ? version5(ROOT, kind) : known, key);
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
            return ((MessageDigest) SHA1.clone()).digest(input);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
