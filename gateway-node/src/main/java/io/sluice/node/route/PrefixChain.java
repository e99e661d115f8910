package io.sluice.node.route;

import java.util.Arrays;
import java.util.Collection;

/**
 * All keys that a text begins with (or, built for suffixes, ends with), found by one binary search.
 *
 * <p>Keys are sorted, and each knows the longest other key it begins with, its parent. Between a prefix of the text and the
 * text itself there are only keys that begin with that prefix; so the largest key not beyond the text begins with every key
 * the text begins with, and these are all on its chain of parents. Two arrays instead of a tree of nodes: about log2(n)
 * comparisons, which the JVM does many bytes at a time, and nothing allocated.
 */
final class PrefixChain {
    static final int NONE = -1;

    /** Sorted; of a chain of suffixes each is kept back to front. */
    private final String[] keys;

    private final int[] parents;
    private final boolean backwards;

    private PrefixChain(String[] keys, boolean backwards) {
        this.keys = keys;
        this.backwards = backwards;
        this.parents = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            int parent = i - 1;
            while (parent >= 0 && !keys[i].startsWith(keys[parent])) {
                parent = parents[parent];
            }
            parents[i] = parent;
        }
    }

    static PrefixChain ofPrefixes(Collection<String> keys) {
        String[] sorted = keys.toArray(String[]::new);
        Arrays.sort(sorted);
        return new PrefixChain(sorted, false);
    }

    static PrefixChain ofSuffixes(Collection<String> keys) {
        String[] sorted = keys.toArray(String[]::new);
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = reversed(sorted[i]);
        }
        Arrays.sort(sorted);
        return new PrefixChain(sorted, true);
    }

    int size() {
        return keys.length;
    }

    /** The key at a position. */
    String key(int position) {
        return backwards ? reversed(keys[position]) : keys[position];
    }

    /** The position of the longest key the text begins (ends) with, or {@link #NONE}. */
    int longest(String text) {
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compare(keys[middle], text) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        int at = high;
        while (at >= 0 && !begins(text, keys[at])) {
            at = parents[at];
        }
        return at;
    }

    /** The position of the next shorter key the text begins with, or {@link #NONE}. */
    int parent(int position) {
        return parents[position];
    }

    int length(int position) {
        return keys[position].length();
    }

    private int compare(String key, String text) {
        if (!backwards) {
            return key.compareTo(text);
        }
        int common = commonEnd(key, text);
        if (common == key.length() || common == text.length()) {
            return key.length() - text.length();
        }
        return key.charAt(common) - text.charAt(text.length() - 1 - common);
    }

    private boolean begins(String text, String key) {
        return backwards ? commonEnd(key, text) == key.length() : text.startsWith(key);
    }

    private static int commonEnd(String reversedKey, String text) {
        int limit = Math.min(reversedKey.length(), text.length());
        int common = 0;
        while (common < limit && reversedKey.charAt(common) == text.charAt(text.length() - 1 - common)) {
            common++;
        }
        return common;
    }

    private static String reversed(String key) {
        return new StringBuilder(key).reverse().toString();
    }
}
