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
    private int lengthFrom;
    private int lengthTo;
    private boolean grpc;
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
        lengthFrom = 0;
        lengthTo = 0;
        grpc = false;
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
            boolean saysLength = FieldRules.is(name, nameFrom, nameTo, "content-length");
            if (saysLength) {
                long said = FieldRules.length(value, valueFrom, valueTo);
                wrong = said < 0 || length >= 0;
                length = said;
                lengthFrom = fields.length();
            }
            grpc |= FieldRules.is(name, nameFrom, nameTo, "content-type")
                    && RequestText.grpcType(value, valueFrom, valueTo);
            fields.put(name, nameFrom, nameTo);
            fields.put((byte) ':');
            fields.put((byte) ' ');
            fields.put(value, valueFrom, valueTo);
            fields.crlf();
            lengthTo = saysLength ? fields.length() : lengthTo;
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
     * Whether the body goes on in chunks: nobody has said its length, or trailers follow that a body of known length could not
     * have in HTTP/1.1.
     *
     * @param end whether the stream has ended with the head
     * @param headRequest whether it answers HEAD
     */
    public boolean chunked(boolean end, boolean headRequest) {
        return !end && !bodyless(headRequest) && (length < 0 || grpc);
    }

    private boolean bodyless(boolean headRequest) {
        return status < 200 || status == 204 || status == 304 || headRequest;
    }

    /** Appends the head, its empty line included; otherwise as {@link #chunked}. */
    public void write(ByteWriter out, boolean end, boolean headRequest) {
        out.put(VERSION);
        out.putDecimal(status);
        out.put((byte) ' ');
        out.crlf();
        boolean chunked = chunked(end, headRequest);
        out.put(fields.array(), 0, chunked ? lengthFrom : fields.length());
        if (chunked) {
            out.put(fields.array(), lengthTo, fields.length());
            out.put(CHUNKED);
        } else if (length < 0 && !bodyless(headRequest)) {
            out.put(EMPTY);
        }
        out.crlf();
    }
}
