package io.sluice.node.upstream;

import io.sluice.node.plugin.Exchange;

/** The cookie that tells which target a client was with: its identity, 64 bits in hexadecimal digits. */
record StickyCookie(KeyCookie cookie) {

    private static final int DIGITS = 16;

    /** What the request says, 0 if it says nothing of that form. */
    long key(Exchange exchange) {
        return identity(cookie.sent(exchange));
    }

    static long identity(String value) {
        if (value.length() != DIGITS) {
            return 0;
        }
        long identity = 0;
        for (int i = 0; i < DIGITS; i++) {
            char c = value.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return 0;
            }
            identity = identity << 4 | digit;
        }
        return identity;
    }

    /** What Set-Cookie says for a target. */
    String line(long identity) {
        String digits = Long.toHexString(identity);
        return cookie.line("0".repeat(DIGITS - digits.length()) + digits);
    }
}
