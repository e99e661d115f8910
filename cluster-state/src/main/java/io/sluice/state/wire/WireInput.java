package io.sluice.state.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of a message as they are read. They may come from anybody: every length is checked against what is left before anything
 * is allocated. One thread.
 */
public final class WireInput {

    private final byte[] bytes;
    private final long sender;
    private int at;

    WireInput(byte[] bytes, int from, long sender) {
        this.bytes = bytes;
        this.at = from;
        this.sender = sender;
    }

    /** Id of the node that sent the message, as it says itself; 0 for state, which belongs to nobody. */
    public long sender() {
        return sender;
    }

    /** How many bytes are left. Fields added to a message later are read only if there are any. */
    public int left() {
        return bytes.length - at;
    }

    /** What {@link WireOutput#fixed64} wrote. */
    public long fixed64() throws WireException {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    /** What {@link WireOutput#varint} wrote; all 64 bits. */
    public long varint() throws WireException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) {
                    break;
                }
                return value;
            }
        }
        throw new WireException("a number of more than 64 bits");
    }

    /** A number from 0 to a bound. */
    public long varint(long most) throws WireException {
        long value = varint();
        if (value < 0 || value > most) {
            throw new WireException(Long.toUnsignedString(value) + " (expected: 0 to " + most + ")");
        }
        return value;
    }

    /** What {@link WireOutput#signed} wrote. */
    public long signed() throws WireException {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    public boolean flag() throws WireException {
        need(1);
        byte value = bytes[at++];
        if (value != 0 && value != 1) {
            throw new WireException("flag " + value + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    /**
     * How many elements follow, never more than the bytes that are left can hold.
     *
     * @param elementBytes the fewest bytes of one element, at least 1
     */
    public int count(int elementBytes) throws WireException {
        long count = varint(bytes.length);
        if (count > left() / elementBytes) {
            throw new WireException(count + " elements (expected: at most " + left() / elementBytes + ")");
        }
        return (int) count;
    }

    /** What {@link WireOutput#bytes} wrote. */
    public byte[] bytes() throws WireException {
        int length = count(1);
        byte[] value = new byte[length];
        System.arraycopy(bytes, at, value, 0, length);
        at += length;
        return value;
    }

    /** What {@link WireOutput#text} wrote. */
    public String text() throws WireException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException("bytes that are no UTF-8");
        }
    }

    private void need(int more) throws WireException {
        if (left() < more) {
            throw new WireException("it ends after " + bytes.length + " bytes (expected: more)");
        }
    }
}
