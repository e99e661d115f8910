package io.sluice.node.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * One TLS connection as a transformer of bytes: records in, plain bytes out, and the other way round. Knows neither sockets nor
 * threads; used on the thread of its event loop only.
 *
 * <p>Why not Pekko's TLS stage: it works on ByteStrings, so every record would cost copies and arrays, and it runs the
 * handshake's computations where the connection lives. Here records are gathered in the loop's buffers, a connection keeps only
 * what is left of an incomplete record, and computations are handed out: while {@link #wantsTasks} nothing else is done.
 *
 * <p>Bounds: a record of at most {@link TlsBuffers#RECORD_BYTES}, handshake messages as JSSE limits them (32 KiB), 64 KiB that wait for a
 * handshake's computations, 64 records in a row without content. A second handshake on a connection is refused.
 */
public final class TlsChannel {

    private static final byte[] NOTHING = {};
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int RECORD_HEAD = 5;
    private static final int LOWEST_TYPE = 20;
    private static final int HIGHEST_TYPE = 24;
    private static final int EMPTY_RECORDS = 64;
    private static final int HANDSHAKE_BYTES = 64 * 1024;

    private final SSLEngine engine;
    private final TlsBuffers buffers;
    private final int packetBytes;
    private byte[] kept = NOTHING;
    private int keptLength;
    private int emptyRecords;
    private boolean established;
    private boolean wantsTasks;
    private boolean inputEnded;
    private boolean outputEnded;
    private volatile boolean abandoned;

    /**
     * @param engine set up and not yet used
     * @param buffers of the loop that the connection lives on
     */
    public TlsChannel(SSLEngine engine, TlsBuffers buffers) {
        this.engine = engine;
        this.buffers = buffers;
        this.packetBytes = engine.getSession().getPacketBufferSize();
    }

    /** Begins the handshake as a client. */
    public void begin(OutBuffer out) throws SSLException {
        engine.beginHandshake();
        advance(EMPTY, EMPTY, out);
    }

    /**
     * Takes what was received; all of it is consumed.
     *
     * @param plain gets the decrypted bytes; has room for as much as was received and one record
     * @param out gets what the protocol itself has to say
     * @throws SSLException if the peer breaks the rules; {@link #fail} then gives what to tell it
     */
    public void received(ByteBuffer bytes, ByteBuffer plain, OutBuffer out) throws SSLException {
        if (inputEnded) {
            bytes.position(bytes.limit());
            return;
        }
        if (keptLength > 0 && incompleteWith(bytes)) {
            keep(bytes);
            return;
        }
        int before = keptLength;
        keptLength = 0;
        ByteBuffer records = buffers.gather(kept, before, bytes);
        try {
            advance(records, plain, out);
        } catch (RuntimeException e) {
            throw new SSLException("the handshake cannot be computed", e); // what a task has thrown comes out here
        }
        if (records.hasRemaining() && !inputEnded) {
            keep(records);
        } else {
            kept = NOTHING;
        }
    }

    /** Goes on after the tasks have run. */
    public void tasksDone(ByteBuffer plain, OutBuffer out) throws SSLException {
        wantsTasks = false;
        received(EMPTY.duplicate(), plain, out);
    }

    private boolean incompleteWith(ByteBuffer more) {
        if (wantsTasks) {
            return true;
        }
        if (keptLength < RECORD_HEAD) {
            return keptLength + more.remaining() < RECORD_HEAD;
        }
        return keptLength + more.remaining() < RECORD_HEAD + length(kept[3], kept[4]);
    }

    private void keep(ByteBuffer bytes) throws SSLException {
        int length = keptLength + bytes.remaining();
        if (!established && length > HANDSHAKE_BYTES) {
            throw new SSLException("more than " + HANDSHAKE_BYTES + " bytes in the middle of a handshake");
        }
        if (length > kept.length) {
            kept = Arrays.copyOf(kept, keptLength == 0 ? length : Math.max(length, 2 * keptLength));
        }
        bytes.get(kept, keptLength, bytes.remaining());
        keptLength = length;
    }

    /** Whether the engine can use what is there: a whole record, or something that is none, which it refuses. */
    private static boolean usable(ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < RECORD_HEAD) {
            return bytes.hasRemaining() && !recordType(bytes.get(at));
        }
        int length = length(bytes.get(at + 3), bytes.get(at + 4));
        return !recordType(bytes.get(at))
                || RECORD_HEAD + length > TlsBuffers.RECORD_BYTES
                || bytes.remaining() >= RECORD_HEAD + length;
    }

    private static int length(byte high, byte low) {
        return (high & 0xFF) << 8 | low & 0xFF;
    }

    private static boolean recordType(byte type) {
        return type >= LOWEST_TYPE && type <= HIGHEST_TYPE;
    }

    private void advance(ByteBuffer records, ByteBuffer plain, OutBuffer out) throws SSLException {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (true) {
            if (status == HandshakeStatus.NEED_TASK) {
                if (established) {
                    throw new SSLException("renegotiation is not allowed");
                }
                wantsTasks = true;
                return;
            }
            SSLEngineResult result;
            if (status == HandshakeStatus.NEED_WRAP) {
                result = engine.wrap(EMPTY, out.room(packetBytes));
                outputEnded |= result.getStatus() == SSLEngineResult.Status.CLOSED;
            } else if (!inputEnded && usable(records)) {
                result = unwrap(records, plain);
            } else {
                return;
            }
            status = result.getHandshakeStatus();
            if (status != HandshakeStatus.NOT_HANDSHAKING) {
                status = handshaking(status);
            }
            if (outputEnded) {
                return;
            }
        }
    }

    private HandshakeStatus handshaking(HandshakeStatus status) {
        established |= status == HandshakeStatus.FINISHED;
        return engine.getHandshakeStatus();
    }

    private SSLEngineResult unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException {
        int end = records.limit();
        int length = records.remaining() < RECORD_HEAD
                ? 0
                : length(records.get(records.position() + 3), records.get(records.position() + 4));
        if (length > 0 && records.remaining() > RECORD_HEAD + length) {
            records.limit(records.position() + RECORD_HEAD + length);
        }
        SSLEngineResult result = engine.unwrap(records, plain);
        records.limit(end);
        switch (result.getStatus()) {
            case OK -> count(result);
            case CLOSED -> inputEnded = true;
            case BUFFER_OVERFLOW, BUFFER_UNDERFLOW -> throw new SSLException("not a TLS record");
        }
        return result;
    }

    private void count(SSLEngineResult result) throws SSLException {
        if (result.bytesProduced() > 0 || !established) {
            emptyRecords = 0;
        } else if (++emptyRecords > EMPTY_RECORDS) {
            throw new SSLException("more than " + EMPTY_RECORDS + " records without content");
        }
    }

    /**
     * Encrypts all of the bytes.
     *
     * @return false if nothing can be sent any more; the bytes are lost then
     */
    public boolean send(ByteBuffer plain, OutBuffer out) throws SSLException {
        while (plain.hasRemaining() && !outputEnded) {
            SSLEngineResult result = engine.wrap(plain, out.room(packetBytes));
            outputEnded = result.getStatus() == SSLEngineResult.Status.CLOSED;
        }
        plain.position(plain.limit());
        return !outputEnded;
    }

    /** Says that no more will be sent (close_notify). */
    public void end(OutBuffer out) {
        if (!outputEnded) {
            engine.closeOutbound();
            flush(out);
            outputEnded = true;
        }
    }

    /** After a failure: what is to be told the peer, if anything. */
    public void fail(OutBuffer out) {
        inputEnded = true;
        kept = NOTHING;
        keptLength = 0;
        flush(out); // the alert, if the engine has one
        if (!established) {
            engine.closeOutbound(); // later a close_notify would make what was sent before look whole
            flush(out);
        }
        outputEnded = true;
    }

    private void flush(OutBuffer out) {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.wrap(EMPTY, out.room(packetBytes));
                if (result.bytesProduced() == 0) {
                    return;
                }
            }
        } catch (SSLException e) {
            // nothing can be told a peer that there is no agreement with
        }
    }

    /** Runs what the handshake has to compute: milliseconds, so not on an event loop. */
    public void runTasks() {
        while (!abandoned) {
            Runnable task = engine.getDelegatedTask();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /** Nobody waits any more: tasks that have not begun are left undone. Any thread. */
    public void abandon() {
        abandoned = true;
    }

    /** Whether {@link #runTasks} must run, on another thread, before anything else happens. */
    public boolean wantsTasks() {
        return wantsTasks;
    }

    /** Whether the handshake is complete. */
    public boolean established() {
        return established;
    }

    /** Whether the peer has said that it sends no more. */
    public boolean inputEnded() {
        return inputEnded;
    }

    /** Whether nothing can be sent any more. */
    public boolean outputEnded() {
        return outputEnded;
    }

    /** What was agreed upon. */
    public SSLSession session() {
        return engine.getSession();
    }

    /** The protocol agreed upon by ALPN; "" for none. */
    public String protocol() {
        String protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }
}
