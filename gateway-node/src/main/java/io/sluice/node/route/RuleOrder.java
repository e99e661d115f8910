package io.sluice.node.route;

import io.sluice.state.model.RouterFlavor;
import java.util.List;
import java.util.UUID;

/**
 * A rule's place among all rules: the least of those that match wins. More kinds of attributes come before fewer in both
 * flavours, as documented (Kong 3.9.3 itself gets this wrong in {@code traditional_compatible}, where a shift overflows).
 * Compared often, so all that counts is worked out once and packed into two unsigned numbers, of which the larger wins.
 *
 * @param createdAt decides between equal numbers, oldest first; 0 where the flavour does not look at it
 * @param id decides last, largest first
 */
record RuleOrder(long high, long low, long createdAt, UUID id) implements Comparable<RuleOrder> {
    private static final int MAX_HEADERS = 255;
    private static final int MAX_LENGTH = (1 << 19) - 1;

    static RuleOrder of(RuleDraft draft, UUID id, RouterFlavor flavor) {
        return switch (flavor) {
            case TRADITIONAL_COMPATIBLE -> new RuleOrder(priority(draft), 0, 0, id);
            case TRADITIONAL ->
                new RuleOrder(
                        (long) kinds(draft) << 18
                                | (long) category(draft) << 11
                                | (long) subcategory(draft) << 8
                                | headerNames(draft),
                        regexPriority(draft) << 19 | prefixLength(draft),
                        draft.route().createdAt(),
                        id);
        };
    }

    /**
     * The number traditional_compatible orders by. From the highest bit: 3 bits kinds of attributes, 1 only plain hosts, 8
     * header names, 1 pattern path, 32 regex priority, 19 prefix length.
     */
    private static long priority(RuleDraft draft) {
        return (long) kinds(draft) << 61
                | (hasOnlyPlainHosts(draft) ? 1L << 60 : 0)
                | (long) headerNames(draft) << 52
                | (isPattern(draft) ? 1L << 51 : 0)
                | regexPriority(draft) << 19
                | prefixLength(draft);
    }

    private static int kinds(RuleDraft draft) {
        return Integer.bitCount(category(draft));
    }

    private static int category(RuleDraft draft) {
        return bit(draft.hosts(), 0x40)
                | bit(draft.headers(), 0x20)
                | (draft.paths().isEmpty() ? 0 : 0x10)
                | bit(draft.route().methods(), 0x08)
                | bit(draft.serverNames(), 0x04);
    }

    private static int subcategory(RuleDraft draft) {
        return (hasWildcardWithPort(draft) ? 4 : 0) | (hasOnlyPlainHosts(draft) ? 2 : 0) | (isPattern(draft) ? 1 : 0);
    }

    private static boolean hasWildcardWithPort(RuleDraft draft) {
        for (HostPattern host : draft.hosts()) {
            if (host.isWildcard() && host.port() != HostPattern.ANY_PORT) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOnlyPlainHosts(RuleDraft draft) {
        for (HostPattern host : draft.hosts()) {
            if (host.isWildcard()) {
                return false;
            }
        }
        return !draft.hosts().isEmpty();
    }

    private static boolean isPattern(RuleDraft draft) {
        return !draft.paths().patterns().isEmpty();
    }

    /** Prefixes have none. Moved up, so that negative ones are lowest. */
    private static long regexPriority(RuleDraft draft) {
        return isPattern(draft) ? Integer.toUnsignedLong(draft.route().regexPriority() ^ Integer.MIN_VALUE) : 0;
    }

    private static int prefixLength(RuleDraft draft) {
        return Math.min(draft.prefixLength(), MAX_LENGTH);
    }

    private static int headerNames(RuleDraft draft) {
        return Math.min(draft.headers().size(), MAX_HEADERS);
    }

    private static int bit(List<?> attribute, int bit) {
        return attribute.isEmpty() ? 0 : bit;
    }

    @Override
    public int compareTo(RuleOrder other) {
        int order = Long.compareUnsigned(other.high, high);
        if (order == 0) {
            order = Long.compareUnsigned(other.low, low);
        }
        if (order == 0) {
            order = Long.compare(createdAt, other.createdAt);
        }
        // By bytes, as Kong does; UUID.compareTo compares signed halves.
        if (order == 0) {
            order = Long.compareUnsigned(other.id.getMostSignificantBits(), id.getMostSignificantBits());
        }
        return order != 0
                ? order
                : Long.compareUnsigned(other.id.getLeastSignificantBits(), id.getLeastSignificantBits());
    }
}
