package io.sluice.node.http;

import java.nio.ByteBuffer;

/**
 * What one event loop needs for TLS: made when its first TLS connection comes. Records are on the heap because JSSE is faster
 * there; what they contain is in direct memory because it goes to or came from a socket. Contents are valid until the handler
 * that filled them returns.
 */
public final class TlsBuffers {

    /** The longest record: its head, 2^14 bytes and what encryption may add (RFC 5246, section 6.2.3). */
    public static final int RECORD_BYTES = 5 + 16 * 1024 + 2048;

    private final ByteBuffer records;
    private final ByteBuffer plain;
    private final ByteBuffer received;
    private final OutBuffer clientOut;
    private final OutBuffer upstreamOut;

    TlsBuffers(int readBytes) {
        records = ByteBuffer.allocate(readBytes + RECORD_BYTES);
        plain = ByteBuffer.allocateDirect(readBytes + RECORD_BYTES);
        received = ByteBuffer.allocate(readBytes);
        clientOut = OutBuffer.onHeap(readBytes + 2 * RECORD_BYTES);
        upstreamOut = OutBuffer.onHeap(readBytes + 2 * RECORD_BYTES);
    }

    /** Bytes that were kept and bytes that came, one after the other. */
    ByteBuffer gather(byte[] kept, int length, ByteBuffer more) {
        records.clear();
        records.put(kept, 0, length);
        records.put(more);
        return records.flip();
    }

    /** An empty buffer for decrypted bytes, as long as all that one read can bring. */
    ByteBuffer plain() {
        return plain.clear();
    }

    /** An empty buffer to read an upstream's records into. */
    public ByteBuffer received() {
        return received.clear();
    }

    /** Records for a client. */
    OutBuffer clientOut() {
        return clientOut;
    }

    /** Records for an upstream. */
    public OutBuffer upstreamOut() {
        return upstreamOut;
    }
}
