package io.sluice.node.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing run of bytes on the heap. Not thread-safe. */
public final class ByteWriter {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private byte[] bytes;
    private int length;

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** Forgets the content. */
    public void clear() {
        length = 0;
    }

    /** Forgets the content, and a large array with it. */
    public void trim(int capacity) {
        length = 0;
        if (bytes.length > capacity) {
            bytes = new byte[0];
        }
    }

    /** Another writer with the same content. */
    public ByteWriter copy() {
        ByteWriter copy = new ByteWriter(length);
        copy.put(bytes, 0, length);
        return copy;
    }

    public int length() {
        return length;
    }

    /** The bytes written are the first {@link #length()} of these. */
    public byte[] array() {
        return bytes;
    }

    public void put(byte[] source) {
        put(source, 0, source.length);
    }

    /** Appends {@code source[from, to)}. */
    public void put(byte[] source, int from, int to) {
        int n = to - from;
        ensure(n);
        System.arraycopy(source, from, bytes, length, n);
        length += n;
    }

    /** Appends what remains in the buffer and consumes it. */
    public void put(ByteBuffer source) {
        int n = source.remaining();
        ensure(n);
        source.get(bytes, length, n);
        length += n;
    }

    public void put(byte one) {
        ensure(1);
        bytes[length++] = one;
    }

    /** Appends a text of chars up to 255, one byte each. */
    @SuppressWarnings("deprecation") // the one way to copy Latin-1 chars without an intermediate array
    public void put(String text) {
        int n = text.length();
        ensure(n);
        text.getBytes(0, n, bytes, length);
        length += n;
    }

    /** Appends a number in decimal digits; must not be negative. */
    public void putDecimal(long number) {
        if (number < 10) {
            put((byte) ('0' + number));
            return;
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        ensure(digits);
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Appends a number in hexadecimal digits without leading zeros. */
    public void putHex(long number) {
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4);
        ensure(digits);
        for (int i = digits - 1; i >= 0; i--) {
            bytes[length++] = DIGITS[(int) (number >>> (i * 4)) & 15];
        }
    }

    /** Appends CR LF. */
    public void crlf() {
        ensure(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
