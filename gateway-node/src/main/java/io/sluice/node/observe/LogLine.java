package io.sluice.node.observe;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** A line under construction, in bytes. Not thread-safe. */
final class LogLine {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss +0000", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    /** The text of the second that was asked for last; a race costs formatting it twice. */
    private static volatile Second second = new Second(-1, new byte[0]);

    private byte[] bytes;
    private int size;

    LogLine(int capacity) {
        bytes = new byte[capacity];
    }

    /** ASCII text that is known to be harmless. */
    @SuppressWarnings(
            "deprecation") // getBytes(int, int, byte[], int): the only way to copy ASCII without an array between
    LogLine raw(String text) {
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    LogLine number(long number) {
        return raw(Long.toString(number));
    }

    /** {@code 04/Mar/2026:10:20:15 +0000}. */
    LogLine time(long millis) {
        long wanted = millis / 1000;
        Second known = second;
        if (known.epoch() != wanted) {
            known = new Second(
                    wanted, TIME.format(Instant.ofEpochSecond(wanted)).getBytes(StandardCharsets.US_ASCII));
            second = known;
        }
        reserve(known.text().length);
        System.arraycopy(known.text(), 0, bytes, size, known.text().length);
        size += known.text().length;
        return this;
    }

    /** Text of a client (one char per byte, or decoded) as nginx escapes it: quotes, backslashes, controls and non-ASCII as hex. */
    LogLine escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
                reserve(1);
                bytes[size++] = (byte) c;
            } else if (c < 256) {
                hex(c);
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    hex(b & 0xFF);
                }
                i = end - 1;
            }
        }
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void hex(int value) {
        reserve(4);
        bytes[size++] = '\\';
        bytes[size++] = 'x';
        bytes[size++] = HEX[value >> 4];
        bytes[size++] = HEX[value & 15];
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Second(long epoch, byte[] text) {}
}
