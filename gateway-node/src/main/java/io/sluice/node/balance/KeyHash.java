package io.sluice.node.balance;

/** Numbers and texts to evenly spread 64 bits, the same on every node and in every version. Not for secrets. */
public final class KeyHash {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private KeyHash() {}

    /** Stafford's variant 13 of MurmurHash3's finaliser, as SplittableRandom uses it. */
    public static long of(long value) {
        long z = value + GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** The hash of a text, by its chars. */
    public static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * GOLDEN;
            hash ^= hash >>> 32;
        }
        return of(hash);
    }
}
