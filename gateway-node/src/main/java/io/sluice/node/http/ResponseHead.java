package io.sluice.node.http;

import java.nio.charset.StandardCharsets;

/** A received response head and what it says about its body (RFC 9112 sections 4 and 6). As strict as {@link RequestHead}. */
public final class ResponseHead {

    /** {@link #bodyLength} of a chunked body. */
    public static final long CHUNKED = -1;

    /** {@link #bodyLength} of a body that ends with the connection. */
    public static final long UNTIL_CLOSE = -2;

    private final HeadFields fields = new HeadFields();
    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private int reasonFrom;
    private int reasonTo;
    private int status;
    private int minorVersion;
    private long bodyLength;
    private boolean keepAlive;

    /**
     * Reads a head from {@code bytes[start, limit)}.
     *
     * @param headRequest whether it answers a HEAD request, which never has a body
     * @return the position after it, 0 if bytes are missing, negative if it is not acceptable
     */
    public int parse(byte[] source, int start, int limit, boolean headRequest, HeadLimits limits) {
        bytes = source;
        from = start;
        fields.clear(source);
        int lineTo = statusLine(limit, limits);
        if (lineTo <= 0) {
            return lineTo;
        }
        int end = HeadParser.fields(source, lineTo, limit, fields, limits);
        if (end <= 0) {
            return end == 0 && limit - start > limits.head() ? HeadParser.TOO_LARGE : end;
        }
        if (end - start > limits.head()) {
            return HeadParser.TOO_LARGE;
        }
        to = end;
        return meaning(headRequest) ? end : HeadParser.MALFORMED;
    }

    private int statusLine(int limit, HeadLimits limits) {
        String name = "HTTP/1.";
        int have = Math.min(limit - from, name.length());
        for (int i = 0; i < have; i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return HeadParser.MALFORMED;
            }
        }
        if (limit - from < 13) {
            return 0;
        }
        minorVersion = bytes[from + 7] - '0';
        status = 0;
        for (int i = from + 9; i < from + 12; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return HeadParser.MALFORMED;
            }
            status = status * 10 + digit;
        }
        boolean form = minorVersion >= 0 && minorVersion <= 1 && bytes[from + 8] == ' ';
        if (!form || status < 100 || status > 599) {
            return HeadParser.MALFORMED;
        }
        int at = from + 12;
        if (bytes[at] == ' ') {
            at++;
        } else if (bytes[at] != '\r') {
            return HeadParser.MALFORMED;
        }
        reasonFrom = at;
        while (at < limit && Tokens.field(bytes[at])) {
            at++;
        }
        reasonTo = at;
        if (limit - at < 2) {
            boolean wrong = at < limit && bytes[at] != '\r';
            return wrong || at - from > limits.startLine() ? HeadParser.MALFORMED : 0;
        }
        return bytes[at] == '\r' && bytes[at + 1] == '\n' ? at + 2 : HeadParser.MALFORMED;
    }

    private boolean meaning(boolean headRequest) {
        keepAlive = minorVersion == 1
                ? !fields.lists(KnownField.CONNECTION, "close")
                : fields.lists(KnownField.CONNECTION, "keep-alive");
        int coding = fields.indexOf(KnownField.TRANSFER_ENCODING);
        boolean length = fields.has(KnownField.CONTENT_LENGTH);
        if (coding >= 0) {
            boolean chunked = fields.valueIs(coding, "chunked") && fields.nextOf(coding) < 0;
            if (!chunked || length || minorVersion == 0) {
                return false; // two readings of one message: refuse both
            }
            bodyLength = CHUNKED;
        } else if (length) {
            bodyLength = HeadParser.contentLength(fields);
            if (bodyLength < 0) {
                return false;
            }
        } else {
            bodyLength = UNTIL_CLOSE;
        }
        if (headRequest || status < 200 || status == 204 || status == 304) {
            bodyLength = 0;
        }
        return true;
    }

    /** Copies the head into another array and refers to that from now on. */
    public void moveTo(byte[] target) {
        System.arraycopy(bytes, from, target, 0, to - from);
        fields.rebase(target, from);
        bytes = target;
        reasonFrom -= from;
        reasonTo -= from;
        to -= from;
        from = 0;
    }

    /** Bytes of the head. */
    public int length() {
        return to - from;
    }

    public HeadFields fields() {
        return fields;
    }

    /** 100 to 599. */
    public int status() {
        return status;
    }

    /** The text after the status; may be empty. */
    public String reason() {
        return new String(bytes, reasonFrom, reasonTo - reasonFrom, StandardCharsets.ISO_8859_1);
    }

    /** Appends the text after the status. */
    public void putReason(ByteWriter out) {
        out.put(bytes, reasonFrom, reasonTo);
    }

    /** Bytes of the body, {@link #CHUNKED} or {@link #UNTIL_CLOSE}. */
    public long bodyLength() {
        return bodyLength;
    }

    /** Whether the upstream lets the connection live on. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }
}
