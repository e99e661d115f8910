package io.sluice.node.route;

import org.jspecify.annotations.Nullable;

/**
 * A request target taken apart (RFC 9112, section 3.2), nothing decoded.
 *
 * @param authority of an absolute target, as sent; empty otherwise. The caller holds it against the Host header.
 * @param path as sent, starting with a slash; {@code *} for a request about the server
 * @param search the query with its question mark, so that a bare one survives the way upstream; empty if there is none
 */
public record RequestTarget(String authority, String path, String search) {
    private static final RequestTarget SERVER = new RequestTarget("", "*", "");

    /**
     * The parts of a target; null if it is none that a gateway serves: the authority form of CONNECT, a scheme other than http
     * and https, an authority that is empty or names a user, a fragment, a blank or a control character.
     */
    public static @Nullable RequestTarget parse(String target) {
        if (target.isEmpty() || !isClean(target)) {
            return null;
        }
        if (target.charAt(0) == '/') {
            return split("", target, 0);
        }
        if (target.equals("*")) {
            return SERVER;
        }
        int start = authorityStart(target);
        if (start < 0) {
            return null;
        }
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        return authority.isEmpty() || authority.indexOf('@') >= 0 ? null : split(authority, target, end);
    }

    /** Whether the request is about the server as a whole ({@code OPTIONS *}). */
    public boolean isServer() {
        return path.equals("*");
    }

    /** The query without its question mark; empty if there is none or nothing behind the mark. */
    public String query() {
        return search.isEmpty() ? "" : search.substring(1);
    }

    private static RequestTarget split(String authority, String target, int start) {
        int mark = target.indexOf('?', start);
        String path = target.substring(start, mark < 0 ? target.length() : mark);
        return new RequestTarget(authority, path.isEmpty() ? "/" : path, mark < 0 ? "" : target.substring(mark));
    }

    private static int authorityStart(String target) {
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            return 7;
        }
        return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    private static boolean isClean(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= 0x20 || c == 0x7F || c == '#') {
                return false;
            }
        }
        return true;
    }
}
