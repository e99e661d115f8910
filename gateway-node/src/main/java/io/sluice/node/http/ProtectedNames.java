package io.sluice.node.http;

/**
 * Names by which the gateway tells upstreams who the client is and where it came from. A client must not be able to say them,
 * in any case and with underscores for dashes either (many servers take both for the same variable).
 */
public final class ProtectedNames {

    private static final String[] PREFIXES = {"x-consumer-", "x-credential-", "x-authenticated-", "x-forwarded-"};
    private static final String[] NAMES = {"x-anonymous-consumer", "x-real-ip", "x-kong-request-id"};

    private ProtectedNames() {}

    /** Whether the name is one of them, or would be with dashes for underscores. */
    public static boolean covers(byte[] bytes, int from, int to) {
        if (to - from < 9 || (bytes[from] | 0x20) != 'x') {
            return false;
        }
        for (String prefix : PREFIXES) {
            if (startsWith(bytes, from, to, prefix)) {
                return true;
            }
        }
        for (String name : NAMES) {
            if (to - from == name.length() && startsWith(bytes, from, to, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the name begins with X-Forwarded- and has no underscore: a trusted peer may say it. */
    public static boolean forwarding(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '_') {
                return false;
            }
        }
        return startsWith(bytes, from, to, "x-forwarded-");
    }

    private static boolean startsWith(byte[] bytes, int from, int to, String lower) {
        if (to - from < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int c = bytes[from + i];
            if (c == '_') {
                c = '-';
            } else if (c >= 'A' && c <= 'Z') {
                c |= 0x20;
            }
            if (c != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
