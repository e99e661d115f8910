package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http2.RequestText;
import io.sluice.node.http2.TrailerText;

/** What the HTTP/2 connections of one loop share; contents are valid until the handler that filled them returns. */
final class Http2Buffers {

    private static final int TRAILER_BYTES = 8 * 1024;

    private final ByteWriter frames = new ByteWriter(64 * 1024);
    private final ByteWriter block = new ByteWriter(4 * 1024);
    private final ByteWriter chunk = new ByteWriter(16 * 1024 + 64);
    private final byte[] scratch = new byte[16 * 1024];
    private final RequestText request;
    private final TrailerText trailers = new TrailerText(TRAILER_BYTES);

    /** @param headBytes longest request head */
    Http2Buffers(int headBytes) {
        request = new RequestText(headBytes);
    }

    /** Frames to be sent on the current connection. */
    ByteWriter frames() {
        return frames;
    }

    /** Where a header block is made. */
    ByteWriter block() {
        return block;
    }

    /** Where a piece of a body gets its framing. */
    ByteWriter chunk() {
        return chunk;
    }

    /** Where heads are looked at. */
    byte[] scratch() {
        return scratch;
    }

    RequestText request() {
        return request;
    }

    TrailerText trailers() {
        return trailers;
    }
}
