package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;
import java.util.Arrays;

/**
 * Reads header blocks of one direction of a connection (RFC 7541) and keeps the dynamic table that they build up, of 4096 bytes
 * at most. Not thread-safe.
 */
public final class HpackDecoder {

    /** Told each field of a block, in order; the arrays are valid during the call only. */
    public interface Sink {
        void field(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo);
    }

    private static final byte[] NOTHING = {};
    private static final int TABLE_BYTES = 4096;
    private static final int ENTRY_OVERHEAD = 32;
    private static final int ENTRIES = TABLE_BYTES / ENTRY_OVERHEAD;

    /** No number in a block can mean more than that. */
    private static final int LARGEST_NUMBER = 1 << 20;

    private final ByteWriter nameText = new ByteWriter(64);
    private final ByteWriter valueText = new ByteWriter(256);
    private byte[][] names = new byte[16][];
    private byte[][] values = new byte[16][];
    private int newest = -1;
    private int count;
    private int bytes;
    private int capacity = TABLE_BYTES;

    private byte[] block = NOTHING;
    private int at;
    private int end;
    private boolean broken;

    private byte[] name = NOTHING;
    private int nameFrom;
    private int nameTo;
    private byte[] textBytes = NOTHING;
    private int textFrom;
    private int textTo;

    /**
     * Reads a whole block {@code source[from, to)}.
     *
     * @return false if it is not well-formed: then the connection cannot go on (RFC 9113 section 4.3)
     */
    public boolean decode(byte[] source, int from, int to, Sink sink) {
        block = source;
        at = from;
        end = to;
        broken = false;
        boolean fields = false;
        while (at < end && !broken) {
            int first = block[at];
            if (first < 0) {
                indexed(number(7), sink);
            } else if ((first & 0x40) != 0) {
                literal(number(6), true, sink);
            } else if ((first & 0x20) != 0) {
                resize(number(5), fields);
                continue;
            } else {
                literal(number(4), false, sink);
            }
            fields = true;
        }
        block = NOTHING;
        return !broken;
    }

    private int number(int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        int number = block[at++] & mask;
        if (number < mask) {
            return number;
        }
        for (int shift = 0; at < end && shift <= 21; shift += 7) {
            int more = block[at++];
            number += (more & 0x7F) << shift;
            if (more >= 0) {
                broken |= number > LARGEST_NUMBER;
                return number;
            }
        }
        broken = true;
        return 0;
    }

    private void indexed(int number, Sink sink) {
        if (number == 0 || number > HpackTable.SIZE + count) {
            broken = true;
        } else if (!broken) {
            byte[] key = nameOf(number);
            byte[] value =
                    number <= HpackTable.SIZE ? HpackTable.value(number) : values[slot(number - HpackTable.SIZE - 1)];
            sink.field(key, 0, key.length, value, 0, value.length);
        }
    }

    private byte[] nameOf(int number) {
        return number <= HpackTable.SIZE ? HpackTable.name(number) : names[slot(number - HpackTable.SIZE - 1)];
    }

    private void literal(int number, boolean remember, Sink sink) {
        if (number > HpackTable.SIZE + count) {
            broken = true;
        }
        if (broken) {
            return;
        }
        if (number > 0) {
            name = nameOf(number);
            nameFrom = 0;
            nameTo = name.length;
        } else if (text(nameText)) {
            name = textBytes;
            nameFrom = textFrom;
            nameTo = textTo;
        }
        if (broken || !text(valueText)) {
            return;
        }
        sink.field(name, nameFrom, nameTo, textBytes, textFrom, textTo);
        if (remember) {
            add();
        }
    }

    /** Reads a string into the text fields: where it stands in the block, or decoded in the writer. */
    private boolean text(ByteWriter decoded) {
        if (at >= end) {
            broken = true;
            return false;
        }
        boolean huffman = block[at] < 0;
        int length = number(7);
        if (broken || length > end - at) {
            broken = true;
            return false;
        }
        textBytes = block;
        textFrom = at;
        textTo = at + length;
        at = textTo;
        if (huffman) {
            decoded.clear();
            broken = !Huffman.decode(block, textFrom, textTo, decoded);
            textBytes = decoded.array();
            textFrom = 0;
            textTo = decoded.length();
        }
        return !broken;
    }

    private void resize(int size, boolean afterFields) {
        if (size > TABLE_BYTES || afterFields) {
            broken = true;
            return;
        }
        capacity = size;
        evict(0);
    }

    private void add() {
        int size = nameTo - nameFrom + textTo - textFrom + ENTRY_OVERHEAD;
        byte[] ownName = nameFrom == 0 && nameTo == name.length && name != nameText.array() && name != block
                ? name
                : copy(name, nameFrom, nameTo);
        evict(size);
        if (size > capacity) {
            return; // an entry that is too large empties the table (RFC 7541 section 4.4)
        }
        if (count == names.length) {
            grow();
        }
        newest = newest + 1 == names.length ? 0 : newest + 1;
        names[newest] = ownName;
        values[newest] = copy(textBytes, textFrom, textTo);
        count++;
        bytes += size;
    }

    private void evict(int wanted) {
        while (count > 0 && bytes + wanted > capacity) {
            int oldest = slot(count - 1);
            bytes -= names[oldest].length + values[oldest].length + ENTRY_OVERHEAD;
            names[oldest] = NOTHING;
            values[oldest] = NOTHING;
            count--;
        }
    }

    private void grow() {
        int size = Math.min(ENTRIES, names.length * 2);
        byte[][] largerNames = new byte[size][];
        byte[][] largerValues = new byte[size][];
        for (int i = 0; i < count; i++) {
            largerNames[count - 1 - i] = names[slot(i)];
            largerValues[count - 1 - i] = values[slot(i)];
        }
        names = largerNames;
        values = largerValues;
        newest = count - 1;
    }

    /** Where the entry of that age is, 0 being the newest. */
    private int slot(int age) {
        int slot = newest - age;
        return slot < 0 ? slot + names.length : slot;
    }

    private static byte[] copy(byte[] source, int from, int to) {
        return Arrays.copyOfRange(source, from, to);
    }
}
