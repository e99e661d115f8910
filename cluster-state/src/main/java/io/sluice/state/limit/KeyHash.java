package io.sluice.state.limit;

import java.util.UUID;

/**
 * SipHash-1-3 (Aumasson and Bernstein 2012, with the rounds that hash tables use) over the chars of a key, with the rule's id as
 * the secret: the same on all nodes, and clients who do not know the id cannot make up keys that collide. A key is known by these
 * 64 bits only; among ten million keys of a rule two share a hash, and then a limit, with a probability of 3 in a million.
 */
final class KeyHash {

    private static final int LAST_ROUNDS = 3;

    private final long k0;
    private final long k1;

    KeyHash(UUID id) {
        k0 = id.getMostSignificantBits();
        k1 = id.getLeastSignificantBits();
    }

    long of(String key) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int length = key.length();
        int words = length / 4 + 1;
        for (int w = 0; w < words + LAST_ROUNDS; w++) {
            long m = w < words ? word(key, w, length) : 0;
            if (w == words) {
                v2 ^= 0xff;
            }
            v3 ^= m;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Four chars, or what is left of the key and its length. */
    private static long word(String key, int w, int length) {
        int at = w * 4;
        if (at + 4 <= length) {
            return key.charAt(at)
                    | (long) key.charAt(at + 1) << 16
                    | (long) key.charAt(at + 2) << 32
                    | (long) key.charAt(at + 3) << 48;
        }
        long m = (long) (length & 0xff) << 56;
        for (int i = at; i < length; i++) {
            m |= (long) key.charAt(i) << (i - at) * 16;
        }
        return m;
    }
}
