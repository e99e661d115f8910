package io.sluice.node.plugins.basicauth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The user-pass of RFC 7617. The password stays bytes, so that it need not be text.
 *
 * @param bytes user name, colon and password
 * @param passwordFrom where the password starts in them
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one comparison
record UserPass(String username, byte[] bytes, int passwordFrom) {

    private static final String SCHEME = "Basic";

    /** Reads a header value; null if it is of another scheme, not Base64, or has no user name or no colon. */
    static @Nullable UserPass parse(String header) {
        int from = SCHEME.length();
        boolean basic = header.regionMatches(true, 0, SCHEME, 0, from)
                && header.length() > from
                && (header.charAt(from) == ' ' || header.charAt(from) == '\t');
        if (!basic) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(header.substring(from).strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = 0;
        while (colon < bytes.length && bytes[colon] != ':') {
            colon++;
        }
        if (colon == 0 || colon == bytes.length) {
            return null;
        }
        return new UserPass(new String(bytes, 0, colon, StandardCharsets.UTF_8), bytes, colon + 1);
    }
}
