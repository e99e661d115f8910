package io.sluice.node.upstream;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.TlsBuffers;
import io.sluice.node.http2.ResponseText;
import io.sluice.node.http2.TrailerText;
import java.nio.ByteBuffer;

/** What the HTTP/2 connections to upstreams of one loop share; contents are valid until the handler that filled them returns. */
final class Http2Buffers {

    private static final int READ_BYTES = 32 * 1024;

    private final ByteBuffer received = ByteBuffer.allocateDirect(READ_BYTES + TlsBuffers.RECORD_BYTES);
    private final ByteWriter frames = new ByteWriter(16 * 1024);
    private final ByteWriter text = new ByteWriter(64 * 1024);
    private final ByteWriter block = new ByteWriter(4 * 1024);
    private final byte[] scratch = new byte[16 * 1024];
    private final ResponseText response = new ResponseText(HeadLimits.RESPONSE.head());
    private final TrailerText trailers = new TrailerText(HeadLimits.RESPONSE.head());

    /** An empty buffer for what an upstream sends. */
    ByteBuffer received() {
        return received.clear();
    }

    /** Frames to be sent. */
    ByteWriter frames() {
        return frames;
    }

    /** What the upstream has said, in HTTP/1.1. */
    ByteWriter text() {
        return text;
    }

    /** Where a header block is made. */
    ByteWriter block() {
        return block;
    }

    /** Where heads are looked at. */
    byte[] scratch() {
        return scratch;
    }

    ResponseText response() {
        return response;
    }

    TrailerText trailers() {
        return trailers;
    }
}
