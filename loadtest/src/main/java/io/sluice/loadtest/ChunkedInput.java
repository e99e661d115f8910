package io.sluice.loadtest;

import java.io.IOException;
import java.io.InputStream;

/** The body inside HTTP/1.1 chunks. Trailers are read and dropped. */
final class ChunkedInput extends InputStream {
    private final InputStream in;
    private InputStream chunk = InputStream.nullInputStream();
    private boolean first = true;
    private boolean ended;

    ChunkedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!ended) {
            int count = chunk.read(bytes, offset, length);
            if (count >= 0) {
                return count;
            }
            nextChunk();
        }
        return -1;
    }

    private void nextChunk() throws IOException {
        if (!first && !Message.readLine(in).isEmpty()) {
            throw new IOException("chunk longer than its size says");
        }
        first = false;
        var line = Message.readLine(in);
        int semicolon = line.indexOf(';');
        long size = Long.parseLong((semicolon < 0 ? line : line.substring(0, semicolon)).trim(), 16);
        chunk = new LimitedInput(in, size);
        if (size == 0) {
            ended = true;
            while (!Message.readLine(in).isEmpty()) {
                // a trailer
            }
        }
    }
}
