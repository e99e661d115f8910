package io.sluice.node.http2;

import io.sluice.node.http.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * A request's fields as the head of an HTTP/1.1 message: that is how the rest of the gateway knows requests. What cannot be
 * said in HTTP/1.1 without a second meaning is refused here, the rest by whoever reads the head. Reused; not thread-safe.
 */
public final class RequestText implements HpackDecoder.Sink {

    /** {@link #length} of a body whose length nobody has said. */
    public static final long UNKNOWN = -1;

    private static final byte[] VERSION = " HTTP/1.1\r\nhost: ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] COOKIE = "cookie: ".getBytes(StandardCharsets.ISO_8859_1);
    private static final String GRPC = "application/grpc";
    private static final int METHOD = 1;
    private static final int SCHEME = 2;
    private static final int PATH = 4;
    private static final int AUTHORITY = 8;

    private final int limit;
    private final ByteWriter method = new ByteWriter(16);
    private final ByteWriter path = new ByteWriter(128);
    private final ByteWriter authority = new ByteWriter(64);
    private final ByteWriter host = new ByteWriter(64);
    private final ByteWriter cookie = new ByteWriter(0);
    private final ByteWriter fields = new ByteWriter(1024);
    private final ByteWriter text = new ByteWriter(2048);
    private int pseudo;
    private boolean regular;
    private boolean hosted;
    private boolean wrong;
    private boolean scheme;
    private boolean grpc;
    private long length;

    /** @param limit bytes from which on fields need not be kept: the head will be refused as too large */
    public RequestText(int limit) {
        this.limit = limit;
    }

    /** Prepares for another request. */
    public void begin() {
        method.clear();
        path.clear();
        authority.clear();
        host.clear();
        cookie.trim(4096);
        fields.trim(64 * 1024);
        text.trim(64 * 1024);
        pseudo = 0;
        regular = false;
        hosted = false;
        wrong = false;
        scheme = false;
        grpc = false;
        length = UNKNOWN;
    }

    @Override
    public void field(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (wrong || fields.length() + path.length() + cookie.length() > limit) {
            return;
        }
        if (nameTo > nameFrom && name[nameFrom] == ':') {
            wrong = regular
                    || !FieldRules.value(value, valueFrom, valueTo)
                    || !pseudo(name, nameFrom, nameTo, value, valueFrom, valueTo);
            return;
        }
        regular = true;
        if (!FieldRules.allowed(name, nameFrom, nameTo, value, valueFrom, valueTo)) {
            wrong = true;
        } else if (FieldRules.is(name, nameFrom, nameTo, "host")) {
            wrong = hosted;
            hosted = true;
            host.put(value, valueFrom, valueTo);
        } else if (FieldRules.is(name, nameFrom, nameTo, "cookie")) {
            crumb(value, valueFrom, valueTo);
        } else if (FieldRules.is(name, nameFrom, nameTo, "content-length")) {
            long said = FieldRules.length(value, valueFrom, valueTo);
            wrong = said < 0 || length >= 0 && said != length;
            boolean first = length < 0;
            length = said;
            if (first) {
                line(name, nameFrom, nameTo, value, valueFrom, valueTo);
            }
        } else {
            grpc |= FieldRules.is(name, nameFrom, nameTo, "content-type") && grpcType(value, valueFrom, valueTo);
            line(name, nameFrom, nameTo, value, valueFrom, valueTo);
        }
    }

    /** Whether a Content-Type is one of gRPC. */
    static boolean grpcType(byte[] value, int from, int to) {
        int end = from + GRPC.length();
        boolean begins = to >= end && FieldRules.is(value, from, end, GRPC);
        return begins && (to == end || value[end] == '+' || value[end] == ';');
    }

    private boolean pseudo(byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        if (FieldRules.is(name, nameFrom, nameTo, ":method")) {
            return once(METHOD, method, value, from, to);
        }
        if (FieldRules.is(name, nameFrom, nameTo, ":path")) {
            return once(PATH, path, value, from, to);
        }
        if (FieldRules.is(name, nameFrom, nameTo, ":authority")) {
            return once(AUTHORITY, authority, value, from, to);
        }
        if (FieldRules.is(name, nameFrom, nameTo, ":scheme") && (pseudo & SCHEME) == 0) {
            pseudo |= SCHEME;
            scheme = FieldRules.is(value, from, to, "https") || FieldRules.is(value, from, to, "http");
            return scheme;
        }
        return false;
    }

    private boolean once(int bit, ByteWriter target, byte[] value, int from, int to) {
        boolean first = (pseudo & bit) == 0;
        pseudo |= bit;
        target.put(value, from, to);
        return first;
    }

    /** Cookies come in pieces (RFC 9113 section 8.2.3). */
    private void crumb(byte[] value, int from, int to) {
        if (cookie.length() > 0) {
            cookie.put((byte) ';');
            cookie.put((byte) ' ');
        }
        cookie.put(value, from, to);
    }

    private void line(byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        fields.put(name, nameFrom, nameTo);
        fields.put((byte) ':');
        fields.put((byte) ' ');
        fields.put(value, from, to);
        fields.crlf();
    }

    /**
     * The fields are complete; gives whether they make a request.
     *
     * @param bodyless whether the stream has ended with them
     */
    public boolean end(boolean bodyless) {
        boolean target = path.length() > 0 && (path.array()[0] == '/' || path.length() == 1 && path.array()[0] == '*');
        if (wrong || method.length() == 0 || !scheme || !target || bodyless && length > 0 || !sameHost()) {
            return false;
        }
        text.put(method.array(), 0, method.length());
        text.put((byte) ' ');
        text.put(path.array(), 0, path.length());
        text.put(VERSION);
        ByteWriter asked = authority.length() > 0 ? authority : host;
        text.put(asked.array(), 0, asked.length());
        text.crlf();
        text.put(fields.array(), 0, fields.length());
        if (cookie.length() > 0) {
            text.put(COOKIE);
            text.put(cookie.array(), 0, cookie.length());
            text.crlf();
        }
        if (!bodyless && length == UNKNOWN) {
            text.put(CHUNKED);
        }
        text.crlf();
        return true;
    }

    private boolean sameHost() {
        if (!hosted || authority.length() == 0) {
            return true;
        }
        if (host.length() != authority.length()) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            if (HpackTable.lower(host.array()[i]) != HpackTable.lower(authority.array()[i])) {
                return false;
            }
        }
        return true;
    }

    /** The head, its empty line included; valid until {@link #begin}. */
    public ByteWriter text() {
        return text;
    }

    /** Bytes of the body, or {@link #UNKNOWN}: then it is to be sent in chunks. */
    public long length() {
        return length;
    }

    /** Whether it is a gRPC call, by its content type. */
    public boolean isGrpc() {
        return grpc;
    }

    /** Whether it asks for a head only. */
    public boolean isHead() {
        return FieldRules.is(method.array(), 0, method.length(), "HEAD");
    }

    /** What may be logged of a request that is none. */
    public String line() {
        String said = new String(method.array(), 0, method.length(), StandardCharsets.ISO_8859_1)
                + " "
                + new String(path.array(), 0, Math.min(path.length(), 2048), StandardCharsets.ISO_8859_1)
                + " HTTP/2.0";
        return said;
    }
}
