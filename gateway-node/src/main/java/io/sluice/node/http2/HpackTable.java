package io.sluice.node.http2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The static table of HPACK (RFC 7541 appendix A). */
final class HpackTable {

    private static final String[] FIELDS = {
        ":authority", "",
        ":method", "GET",
        ":method", "POST",
        ":path", "/",
        ":path", "/index.html",
        ":scheme", "http",
        ":scheme", "https",
        ":status", "200",
        ":status", "204",
        ":status", "206",
        ":status", "304",
        ":status", "400",
        ":status", "404",
        ":status", "500",
        "accept-charset", "",
        "accept-encoding", "gzip, deflate",
        "accept-language", "",
        "accept-ranges", "",
        "accept", "",
        "access-control-allow-origin", "",
        "age", "",
        "allow", "",
        "authorization", "",
        "cache-control", "",
        "content-disposition", "",
        "content-encoding", "",
        "content-language", "",
        "content-length", "",
        "content-location", "",
        "content-range", "",
        "content-type", "",
        "cookie", "",
        "date", "",
        "etag", "",
        "expect", "",
        "expires", "",
        "from", "",
        "host", "",
        "if-match", "",
        "if-modified-since", "",
        "if-none-match", "",
        "if-range", "",
        "if-unmodified-since", "",
        "last-modified", "",
        "link", "",
        "location", "",
        "max-forwards", "",
        "proxy-authenticate", "",
        "proxy-authorization", "",
        "range", "",
        "referer", "",
        "refresh", "",
        "retry-after", "",
        "server", "",
        "set-cookie", "",
        "strict-transport-security", "",
        "transfer-encoding", "",
        "user-agent", "",
        "vary", "",
        "via", "",
        "www-authenticate", ""
    };

    /** How many entries there are; the first has number 1. */
    static final int SIZE = FIELDS.length / 2;

    private static final byte[][] BYTES = bytes();
    private static final int SLOTS = 256;
    private static final byte[] BY_NAME = byName();

    private HpackTable() {}

    /** The name of an entry. */
    static byte[] name(int number) {
        return BYTES[2 * (number - 1)];
    }

    /** The value of an entry. */
    static byte[] value(int number) {
        return BYTES[2 * (number - 1) + 1];
    }

    /** The first entry with the name {@code bytes[from, to)}, in any case; 0 if there is none. */
    static int find(byte[] bytes, int from, int to) {
        int slot = hash(bytes, from, to);
        while (BY_NAME[slot] != 0) {
            if (same(name(BY_NAME[slot]), bytes, from, to)) {
                return BY_NAME[slot];
            }
            slot = slot + 1 & SLOTS - 1;
        }
        return 0;
    }

    private static boolean same(byte[] name, byte[] bytes, int from, int to) {
        if (name.length != to - from) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (name[i] != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    /** An ASCII letter in lower case, any other byte as it is. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int sum = to - from;
        for (int i = from; i < to; i++) {
            sum = sum * 31 + lower(bytes[i]);
        }
        return (sum ^ sum >>> 8) & SLOTS - 1;
    }

    private static byte[][] bytes() {
        byte[][] all = new byte[FIELDS.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = FIELDS[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        return all;
    }

    private static byte[] byName() {
        byte[] table = new byte[SLOTS];
        for (int number = 1; number <= SIZE; number++) {
            byte[] name = name(number);
            boolean first = number == 1 || !Arrays.equals(name, name(number - 1));
            int slot = hash(name, 0, name.length);
            while (first && table[slot] != 0) {
                slot = slot + 1 & SLOTS - 1;
            }
            if (first) {
                table[slot] = (byte) number;
            }
        }
        return table;
    }
}
