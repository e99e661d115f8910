package io.sluice.loadtest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The next so many bytes of a stream; the stream's early end is an error. */
final class LimitedInput extends InputStream {
    private final InputStream in;
    private long left;

    LimitedInput(InputStream in, long bytes) {
        this.in = in;
        this.left = bytes;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("connection ended with " + left + " bytes of the body missing");
        }
        left -= count;
        return count;
    }
}
