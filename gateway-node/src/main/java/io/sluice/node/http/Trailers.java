package io.sluice.node.http;

/** Which trailer fields are passed on: none that frames, routes or authenticates (RFC 9110 section 6.5.1), never merged. */
final class Trailers {

    private static final String[] FORBIDDEN = {
        "authorization",
        "proxy-authorization",
        "proxy-authenticate",
        "www-authenticate",
        "cookie",
        "set-cookie",
        "content-encoding",
        "content-type",
        "content-range",
        "cache-control",
        "age",
        "expires",
        "location",
        "retry-after",
        "vary",
        "max-forwards",
        "range",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range"
    };

    private Trailers() {}

    static boolean allowed(HeadFields fields, int field) {
        if (fields.known(field) >= 0) {
            return false;
        }
        byte[] bytes = fields.bytes();
        int from = fields.nameFrom(field);
        int to = fields.nameTo(field);
        for (String name : FORBIDDEN) {
            if (Tokens.equalsIgnoreCase(bytes, from, to, name)) {
                return false;
            }
        }
        return !ProtectedNames.covers(bytes, from, to);
    }
}
