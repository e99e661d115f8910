package io.sluice.node.http;

/**
 * The strict field grammar of RFC 9112 section 5, shared by both directions. One pass; no leniency: lines end in CR LF, no
 * folding, no white space before the colon, nothing but field characters in values.
 */
final class HeadParser {

    /** More bytes are needed. */
    static final int INCOMPLETE = 0;

    /** Not HTTP. */
    static final int MALFORMED = -400;

    /** A line, the head, or the number of lines is above its limit (nginx's internal number for it). */
    static final int TOO_LARGE = -494;

    private HeadParser() {}

    /**
     * Reads the field lines from {@code from} to the empty line that ends them.
     *
     * @return the position after the empty line, {@link #INCOMPLETE}, or a negative error
     */
    static int fields(byte[] bytes, int from, int to, HeadFields fields, HeadLimits limits) {
        int at = from;
        while (at < to) {
            if (bytes[at] == '\r') {
                if (at + 1 == to) {
                    return INCOMPLETE;
                }
                fields.end(at);
                return bytes[at + 1] == '\n' ? at + 2 : MALFORMED;
            }
            int next = field(bytes, at, to, fields);
            if (next <= 0) {
                return next == INCOMPLETE && to - at > limits.line() ? TOO_LARGE : next;
            }
            if (next - at > limits.line() || fields.count() > limits.fields()) {
                return TOO_LARGE;
            }
            at = next;
        }
        return INCOMPLETE;
    }

    private static int field(byte[] bytes, int from, int to, HeadFields fields) {
        int at = from;
        int sum = 0;
        while (at < to && Tokens.token(bytes[at])) {
            sum = sum * 31 + (bytes[at] | 0x20);
            at++;
        }
        if (at == to) {
            return INCOMPLETE;
        }
        if (bytes[at] != ':' || at == from) {
            return MALFORMED;
        }
        int nameTo = at;
        at++;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        int valueFrom = at;
        while (at < to && Tokens.field(bytes[at])) {
            at++;
        }
        if (at == to) {
            return INCOMPLETE;
        }
        if (bytes[at] != '\r') {
            return MALFORMED;
        }
        if (at + 1 == to) {
            return INCOMPLETE;
        }
        if (bytes[at + 1] != '\n') {
            return MALFORMED;
        }
        int valueTo = at;
        while (valueTo > valueFrom && (bytes[valueTo - 1] == ' ' || bytes[valueTo - 1] == '\t')) {
            valueTo--;
        }
        fields.add(from, nameTo, sum, valueFrom, valueTo);
        return at + 2;
    }

    /**
     * Reads the values of Content-Length.
     *
     * @return the length, -1 if it is malformed, out of range or contradictory
     */
    static long contentLength(HeadFields fields) {
        long length = -1;
        for (int i = fields.indexOf(KnownField.CONTENT_LENGTH); i >= 0; i = fields.nextOf(i)) {
            long one = number(fields.bytes(), fields.valueFrom(i), fields.valueTo(i));
            if (one < 0 || length >= 0 && one != length) {
                return -1;
            }
            length = one;
        }
        return length;
    }

    private static long number(byte[] bytes, int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
