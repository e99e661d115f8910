package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;

/**
 * Writes header blocks. Names come from the static table where it has them; nothing is put into the receiver's dynamic table, so
 * there is no state to keep per connection, and no value can be guessed by what it costs (RFC 7541 section 7.1).
 */
final class HpackWriter {

    private static final int STATUS_200 = 8;
    private static final int STATUS_NAME = 8;
    private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

    private HpackWriter() {}

    /** A literal field; upper-case letters of its name are written in lower case. */
    static void field(ByteWriter out, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        int known = HpackTable.find(name, nameFrom, nameTo);
        number(out, 0, 4, known);
        if (known == 0) {
            number(out, 0, 7, nameTo - nameFrom);
            for (int i = nameFrom; i < nameTo; i++) {
                out.put(HpackTable.lower(name[i]));
            }
        }
        text(out, value, from, to);
    }

    /** The pseudo-field of a response. */
    static void status(ByteWriter out, int status) {
        for (int i = 0; i < STATUSES.length; i++) {
            if (STATUSES[i] == status) {
                out.put((byte) (0x80 | STATUS_200 + i));
                return;
            }
        }
        out.put((byte) STATUS_NAME);
        out.put((byte) 3);
        out.putDecimal(status);
    }

    /** An entry of the static table, name and value. */
    static void known(ByteWriter out, int number) {
        out.put((byte) (0x80 | number));
    }

    /** The name of an entry of the static table, with another value. */
    static void named(ByteWriter out, int number, byte[] value, int from, int to) {
        number(out, 0, 4, number);
        text(out, value, from, to);
    }

    private static void text(ByteWriter out, byte[] value, int from, int to) {
        number(out, 0, 7, to - from);
        out.put(value, from, to);
    }

    private static void number(ByteWriter out, int first, int prefixBits, int number) {
        int mask = (1 << prefixBits) - 1;
        if (number < mask) {
            out.put((byte) (first | number));
            return;
        }
        out.put((byte) (first | mask));
        int rest = number - mask;
        while (rest >= 0x80) {
            out.put((byte) (0x80 | rest & 0x7F));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
