package io.sluice.k8s.api;

/** How Kubernetes lets names be written: lower-case letters, digits, dashes and dots, as in DNS (RFC 1123). */
final class KubeName {

    static final String EXPECTED = "expected: lower-case letters, digits, - and ., at most 253 of them";
    private static final int LONGEST = 253;

    private KubeName() {}

    /** Whether it is a name, dots allowed. */
    static boolean isName(String text) {
        boolean edges = !text.isEmpty() && isPlain(text.charAt(0)) && isPlain(text.charAt(text.length() - 1));
        return edges
                && text.length() <= LONGEST
                && !text.contains("..")
                && text.chars().allMatch(c -> isPlain((char) c) || c == '-' || c == '.');
    }

    /** Whether it is a name without dots, as namespaces, services and ports have. */
    static boolean isLabel(String text) {
        return isName(text) && text.indexOf('.') < 0;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}
