package io.sluice.node.proxy;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Ids of requests: 32 lower-case hex digits, unpredictable enough to be unique over all nodes. One generator per loop; not
 * thread-safe.
 */
final class RequestIds {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private final RandomGenerator random;
    private final byte[] chars = new byte[32];

    RequestIds(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        fill(random.nextLong(), 0);
        fill(random.nextLong(), 16);
        return new String(chars, StandardCharsets.ISO_8859_1);
    }

    private void fill(long bits, int from) {
        long rest = bits;
        for (int i = 0; i < 16; i++) {
            chars[from + i] = DIGITS[(int) rest & 15];
            rest >>>= 4;
        }
    }
}
