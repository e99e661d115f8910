package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;

/** Trailers as the end of an HTTP/1.1 message in chunks. Reused; not thread-safe. */
public final class TrailerText implements HpackDecoder.Sink {

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};

    private final int limit;
    private final ByteWriter text = new ByteWriter(64);
    private boolean wrong;

    /** @param limit most bytes of the fields together */
    public TrailerText(int limit) {
        this.limit = limit;
    }

    /** Prepares for other trailers; without fields it is the end of a body that has none. */
    public void begin() {
        text.trim(16 * 1024);
        text.put(LAST_CHUNK);
        wrong = false;
    }

    @Override
    public void field(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (wrong) {
            return; // fields that are refused cost nothing: they may be many, and long
        }
        wrong = text.length() > limit || !FieldRules.allowed(name, nameFrom, nameTo, value, valueFrom, valueTo);
        if (!wrong) {
            text.put(name, nameFrom, nameTo);
            text.put((byte) ':');
            text.put((byte) ' ');
            text.put(value, valueFrom, valueTo);
            text.crlf();
        }
    }

    /** The fields are complete; gives whether they are well-formed. */
    public boolean end() {
        text.crlf();
        return !wrong;
    }

    /** The last chunk and the trailers; valid until {@link #begin}. */
    public ByteWriter text() {
        return text;
    }
}
