package io.sluice.node.tls;

import java.util.Locale;

/** Server names of TLS in the one form that they are compared in. */
public final class ServerName {

    private ServerName() {}

    /** Lower-case, without the dot of a fully qualified name. */
    public static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") && lower.length() > 1 ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether a host may be named in a handshake: an address may not (RFC 6066, section 3). */
    public static boolean nameable(String host) {
        if (host.isEmpty() || host.length() > 253 || host.charAt(0) == '[') {
            return false;
        }
        boolean address = true;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean digit = c >= '0' && c <= '9' || c == '.';
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
            if (!digit && !letter) {
                return false;
            }
            address &= digit;
        }
        return !address;
    }
}
