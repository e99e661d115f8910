package io.sluice.node.balance;

/** Numbers and texts to evenly spread 64 bits, the same on every node and in every version. Not for secrets. */
final class Mixing {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    /** Stafford's variant 13 of MurmurHash3's finaliser, as SplittableRandom uses it. */
    static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
