package io.sluice.node.plugins.cors;

/**
 * An origin in a form that can be compared: default ports dropped, nothing behind the authority. What has no authority
 * ({@code null}, {@code example.com}) stays as it is.
 *
 * @param text scheme, host and port
 * @param host the host alone
 */
record Origin(String text, String host) {

    static Origin of(String origin) {
        int authority = origin.indexOf("//");
        boolean bare = authority < 0 || authority > 0 && origin.charAt(authority - 1) != ':';
        if (bare) {
            return new Origin(origin, origin);
        }
        String scheme = authority == 0 ? "" : origin.substring(0, authority - 1);
        int from = authority + 2;
        int slash = origin.indexOf('/', from);
        int end = slash < 0 ? origin.length() : slash;
        from = Math.max(from, origin.lastIndexOf('@', end - 1) + 1);
        int colon = origin.lastIndexOf(':', end - 1);
        boolean ported = colon >= from && origin.indexOf(']', colon) < 0; // the colons of [::1] are none
        String host = origin.substring(from, ported ? colon : end);
        if (host.isEmpty()) {
            return new Origin(origin, origin);
        }
        String port = ported ? origin.substring(colon + 1, end) : "";
        boolean implied = port.isEmpty()
                || scheme.equals("http") && port.equals("80")
                || scheme.equals("https") && port.equals("443");
        String start = scheme.isEmpty() ? host : scheme + "://" + host;
        return new Origin(implied ? start : start + ":" + port, host);
    }
}
