package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;
import java.nio.charset.StandardCharsets;

/** A response's fields as the head of an HTTP/1.1 message; otherwise as {@link RequestText}. Reused; not thread-safe. */
public final class ResponseText implements HpackDecoder.Sink {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] EMPTY = "content-length: 0\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final int limit;
    private final ByteWriter fields = new ByteWriter(512);
    private int status;
    private long length;
    private boolean regular;
    private boolean wrong;

    /** @param limit most bytes of the fields together */
    public ResponseText(int limit) {
        this.limit = limit;
    }

    /** Prepares for another response. */
    public void begin() {
        fields.trim(16 * 1024);
        status = 0;
        length = -1;
        regular = false;
        wrong = false;
    }

    @Override
    public void field(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (wrong || fields.length() > limit) {
            wrong = true;
        } else if (FieldRules.is(name, nameFrom, nameTo, ":status")) {
            long said = FieldRules.length(value, valueFrom, valueTo);
            wrong = regular || status != 0 || said < 100 || said > 599 || valueTo - valueFrom != 3;
            status = (int) said;
        } else if (!FieldRules.allowed(name, nameFrom, nameTo, value, valueFrom, valueTo)) {
            wrong = true; // every other pseudo-field, too
        } else {
            regular = true;
            if (FieldRules.is(name, nameFrom, nameTo, "content-length")) {
                long said = FieldRules.length(value, valueFrom, valueTo);
                wrong = said < 0 || length >= 0;
                length = said;
            }
            fields.put(name, nameFrom, nameTo);
            fields.put((byte) ':');
            fields.put((byte) ' ');
            fields.put(value, valueFrom, valueTo);
            fields.crlf();
        }
    }

    /** Whether the fields make a response. */
    public boolean good() {
        return !wrong && status != 0 && status != 101;
    }

    public int status() {
        return status;
    }

    /** Bytes of the body; -1 if nobody has said. */
    public long length() {
        return length;
    }

    /**
     * Appends the head, its empty line included.
     *
     * @param end whether the stream has ended with it
     * @param headRequest whether it answers HEAD
     */
    public void write(ByteWriter out, boolean end, boolean headRequest) {
        out.put(VERSION);
        out.putDecimal(status);
        out.put((byte) ' ');
        out.crlf();
        out.put(fields.array(), 0, fields.length());
        boolean bodyless = status < 200 || status == 204 || status == 304 || headRequest;
        if (!bodyless && length < 0) {
            out.put(end ? EMPTY : CHUNKED);
        }
        out.crlf();
    }
}
