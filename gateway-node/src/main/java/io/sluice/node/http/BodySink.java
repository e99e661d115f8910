package io.sluice.node.http;

import java.nio.ByteBuffer;

/** Told what a body consists of, in order, while it is read. Buffers are valid during the call only. */
public interface BodySink {

    /** A chunk of that many bytes begins; only for chunked bodies. */
    default void chunk(long size) {}

    /** Bytes of the body: everything that remains in the buffer, which need not be consumed. */
    void data(ByteBuffer piece);

    /** The chunk's bytes are complete; only for chunked bodies. */
    default void chunkEnd() {}

    /** The body is complete; trailer fields that may be passed on (usually none). */
    void end(HeadFields trailers);
}
