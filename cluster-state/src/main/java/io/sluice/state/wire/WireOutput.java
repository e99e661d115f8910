package io.sluice.state.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message as they are written. One thread. */
public final class WireOutput {

    private byte[] bytes;
    private int size;

    WireOutput(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Eight bytes, the highest first: for hashes and whatever uses all its bits. */
    public WireOutput fixed64(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** One byte for 0 to 127, up to ten for others; negative numbers take all ten. */
    public WireOutput varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** As {@link #varint}, short for small numbers of either sign. */
    public WireOutput signed(long value) {
        return varint(value << 1 ^ value >> 63);
    }

    public WireOutput flag(boolean value) {
        reserve(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** Length and bytes. */
    public WireOutput bytes(byte[] value) {
        varint(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** Length and UTF-8. */
    public WireOutput text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes have been written. */
    public int size() {
        return size;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
