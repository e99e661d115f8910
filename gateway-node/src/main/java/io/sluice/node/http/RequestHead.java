package io.sluice.node.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A received request head: the request line, the fields, and what they say about body and connection (RFC 9112 sections 3, 6
 * and 9). Everything not plainly legal is refused, so that no two parties can read one message in two ways. Reused.
 */
public final class RequestHead {

    /** {@link #bodyLength} of a chunked body. */
    public static final long CHUNKED = -1;

    private static final int NOT_IMPLEMENTED = -501;
    private static final int VERSION_NOT_SUPPORTED = -505;
    private static final int TARGET_TOO_LONG = -414;
    private static final int METHOD_NOT_ALLOWED = -405;

    private static final byte[] UNREADABLE = {'/'};

    private final HeadFields fields = new HeadFields();
    private byte[] bytes = new byte[0];
    private int methodFrom;
    private int methodTo;
    private int targetFrom;
    private int targetTo;
    private int minorVersion;
    private int to;
    private long bodyLength;
    private boolean keepAlive;

    /**
     * Reads a head from {@code bytes[from, limit)}.
     *
     * @return the position after it; 0 if bytes are missing; a negative HTTP status (nginx's 494 for a too large head) if it
     *     is refused
     */
    public int parse(byte[] source, int from, int limit, HeadLimits limits) {
        int start = from;
        if (start < limit
                && source[start] == '\r') { // RFC 9112 section 2.2: one empty line before a request is allowed
            if (limit - start == 1) {
                return 0;
            }
            start = source[start + 1] == '\n' ? start + 2 : start;
        }
        bytes = source;
        fields.clear(source);
        int lineTo = requestLine(start, limit);
        if (lineTo <= 0) {
            return lineTo == 0 && limit - start > limits.startLine() ? TARGET_TOO_LONG : lineTo;
        }
        if (lineTo - start > limits.startLine()) {
            return TARGET_TOO_LONG;
        }
        int end = HeadParser.fields(source, lineTo, limit, fields, limits);
        if (end <= 0) {
            return end == 0 && limit - start > limits.head() ? HeadParser.TOO_LARGE : end;
        }
        if (end - start > limits.head()) {
            return HeadParser.TOO_LARGE;
        }
        to = end;
        int refused = meaning();
        return refused < 0 ? refused : end;
    }

    /** Forgets everything: an empty head of no known method. */
    public void clear() {
        bytes = UNREADABLE;
        fields.clear(bytes);
        fields.end(0);
        methodFrom = 0;
        methodTo = 0;
        targetFrom = 0;
        targetTo = UNREADABLE.length;
        to = 0;
        minorVersion = 1;
        bodyLength = 0;
        keepAlive = false;
    }

    private int requestLine(int from, int limit) {
        int at = from;
        while (at < limit && methodByte(bytes[at])) {
            at++;
        }
        if (at == limit) {
            return 0;
        }
        if (bytes[at] != ' ' || at == from) {
            return HeadParser.MALFORMED;
        }
        methodFrom = from;
        methodTo = at;
        targetFrom = ++at;
        while (at < limit && Tokens.target(bytes[at])) {
            at++;
        }
        targetTo = at;
        if (at == limit) {
            return 0;
        }
        if (bytes[at] != ' ' || at == targetFrom) {
            return HeadParser.MALFORMED;
        }
        return version(at + 1, limit);
    }

    private int version(int from, int limit) {
        String name = "HTTP/";
        int have = Math.min(limit - from, name.length());
        for (int i = 0; i < have; i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return HeadParser.MALFORMED;
            }
        }
        if (limit - from < 10) {
            return 0;
        }
        int major = bytes[from + 5] - '0';
        int minor = bytes[from + 7] - '0';
        boolean digits = major >= 0 && major <= 9 && minor >= 0 && minor <= 9 && bytes[from + 6] == '.';
        if (!digits || bytes[from + 8] != '\r' || bytes[from + 9] != '\n') {
            return HeadParser.MALFORMED;
        }
        if (major != 1 || minor > 1) {
            return VERSION_NOT_SUPPORTED;
        }
        minorVersion = minor;
        return from + 10;
    }

    private static boolean methodByte(byte b) {
        return b >= 'A' && b <= 'Z' || b == '-' || b == '_';
    }

    /** Framing, connection and host; gives a negative status if they are refused. */
    private int meaning() {
        keepAlive = minorVersion == 1
                ? !fields.lists(KnownField.CONNECTION, "close")
                : fields.lists(KnownField.CONNECTION, "keep-alive");
        int framing = framing();
        if (framing < 0) {
            return framing;
        }
        if (methodIs("TRACE") || methodIs("CONNECT")) {
            return METHOD_NOT_ALLOWED;
        }
        int host = fields.indexOf(KnownField.HOST);
        if (host < 0) {
            return minorVersion == 1 ? HeadParser.MALFORMED : 0;
        }
        boolean valid = fields.nextOf(host) < 0 && HostRule.valid(bytes, fields.valueFrom(host), fields.valueTo(host));
        return valid ? 0 : HeadParser.MALFORMED;
    }

    private int framing() {
        bodyLength = 0;
        int coding = fields.indexOf(KnownField.TRANSFER_ENCODING);
        if (coding >= 0) {
            if (minorVersion == 0 || fields.has(KnownField.CONTENT_LENGTH) || fields.nextOf(coding) >= 0) {
                return HeadParser.MALFORMED;
            }
            bodyLength = CHUNKED;
            return fields.valueIs(coding, "chunked") ? 0 : NOT_IMPLEMENTED;
        }
        if (fields.has(KnownField.CONTENT_LENGTH)) {
            bodyLength = HeadParser.contentLength(fields);
            return bodyLength < 0 ? HeadParser.MALFORMED : 0;
        }
        return 0;
    }

    /** Copies the head into another array and refers to that from now on. */
    public void moveTo(byte[] target) {
        int from = methodFrom;
        System.arraycopy(bytes, from, target, 0, to - from);
        bytes = target;
        fields.rebase(target, from);
        methodFrom = 0;
        methodTo -= from;
        targetFrom -= from;
        targetTo -= from;
        to -= from;
    }

    /** Bytes of the head. */
    public int length() {
        return to - methodFrom;
    }

    public HeadFields fields() {
        return fields;
    }

    /** Whether the method is this upper-case word. */
    public boolean methodIs(String word) {
        if (methodTo - methodFrom != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[methodFrom + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The method as sent. */
    public String method() {
        if (methodIs("GET")) {
            return "GET";
        }
        return methodIs("POST") ? "POST" : text(methodFrom, methodTo);
    }

    /** The request target as sent, one char per byte. */
    public String target() {
        return text(targetFrom, targetTo);
    }

    /** Whether the request target is this text of one char per byte. */
    public boolean targetIs(String text) {
        if (targetTo - targetFrom != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ((bytes[targetFrom + i] & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }

    /** Bytes of the body, or {@link #CHUNKED}. */
    public long bodyLength() {
        return bodyLength;
    }

    /** Whether the client lets the connection live on. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the client waits for 100 (Continue) before it sends the body. */
    public boolean expectsContinue() {
        int expect = fields.indexOf(KnownField.EXPECT);
        return minorVersion == 1 && expect >= 0 && fields.valueIs(expect, "100-continue");
    }

    /** Whether it asks for a WebSocket (RFC 6455 section 4.1). */
    public boolean webSocket() {
        return fields.has(KnownField.UPGRADE)
                && minorVersion == 1
                && bodyLength == 0
                && methodIs("GET")
                && fields.lists(KnownField.UPGRADE, "websocket")
                && fields.lists(KnownField.CONNECTION, "upgrade");
    }

    /** The Host field's value. */
    public Optional<String> hostField() {
        int host = fields.indexOf(KnownField.HOST);
        return host < 0 ? Optional.empty() : Optional.of(fields.value(host));
    }

    private String text(int from, int until) {
        return new String(bytes, from, until - from, StandardCharsets.ISO_8859_1);
    }
}
