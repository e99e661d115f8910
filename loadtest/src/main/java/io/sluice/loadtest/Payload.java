package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * A body of any length that both ends can make alone: fixed noise in blocks of 16 KiB that each begin with their number,
 * so that a lost, doubled or moved block changes the checksum.
 */
final class Payload {
    private static final int BLOCK = 16 * 1024;

    private Payload() {}

    /** Writes the body, with chunk framing if so wanted, and returns its checksum. */
    static long write(OutputStream out, long length, boolean chunked) throws IOException {
        var checksum = new CRC32C();
        var block = noise();
        for (long sent = 0, number = 0; sent < length; number++) {
            ByteBuffer.wrap(block).putLong(0, number);
            int count = (int) Math.min(BLOCK, length - sent);
            checksum.update(block, 0, count);
            if (chunked) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(ISO_8859_1));
            }
            out.write(block, 0, count);
            if (chunked) {
                out.write('\r');
                out.write('\n');
            }
            sent += count;
        }
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(ISO_8859_1));
        }
        out.flush();
        return checksum.getValue();
    }

    /** What a body of this length must sum up to. */
    static long checksum(long length) throws IOException {
        return write(OutputStream.nullOutputStream(), length, false);
    }

    /**
     * Reads a body to its end and tells what came. It stops reading once, for the pause, when half of the expected length
     * is there: a gateway that does not pass back-pressure on would then hold the rest in memory.
     */
    static Received drain(InputStream body, long expected, long pauseMillis) throws IOException {
        var checksum = new CRC32C();
        var buffer = new byte[64 * 1024];
        long length = 0;
        boolean paused = pauseMillis == 0;
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            checksum.update(buffer, 0, count);
            length += count;
            if (!paused && length >= expected / 2) {
                paused = true;
                pause(pauseMillis);
            }
        }
        return new Received(length, checksum.getValue());
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] noise() {
        var block = new byte[BLOCK];
        new Random(1).nextBytes(block);
        return block;
    }

    /** @param length in bytes */
    record Received(long length, long checksum) {

        @Override
        public String toString() {
            return length + " " + Long.toHexString(checksum);
        }
    }
}
