package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The id of a request: 32 lower-case hex digits, random enough to be unique over all nodes. The text is made only if somebody
 * asks for it. Reused from request to request; not thread-safe.
 */
final class RequestId {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private long high;
    private long low;
    private @Nullable String text;

    /** Becomes the id of another request. */
    void renew(RandomGenerator random) {
        high = random.nextLong();
        low = random.nextLong();
        text = null;
    }

    void write(ByteWriter out) {
        write(out, high);
        write(out, low);
    }

    private static void write(ByteWriter out, long bits) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out.put(DIGITS[(int) (bits >>> shift) & 15]);
        }
    }

    String text() {
        String made = text;
        if (made == null) {
            ByteWriter out = new ByteWriter(32);
            write(out);
            made = new String(out.array(), 0, out.length(), StandardCharsets.ISO_8859_1);
            text = made;
        }
        return made;
    }
}
