package io.sluice.node.route;

import io.sluice.state.model.RouterFlavor;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Which of two matching rules wins: the first in this order. More kinds of attributes come before fewer in both flavours, as
 * documented (Kong 3.9.3 itself gets this wrong in {@code traditional_compatible}, where a shift overflows).
 */
final class RuleOrder {
    private static final int MAX_HEADERS = 255;
    private static final int MAX_LENGTH = (1 << 19) - 1;

    /** Kong's order between rules that are equal otherwise: the largest id. */
    private static final Comparator<RuleDraft> LARGEST_ID_FIRST = (one, other) -> compare(other.id(), one.id());

    private RuleOrder() {}

    static Comparator<RuleDraft> of(RouterFlavor flavor) {
        return switch (flavor) {
            case TRADITIONAL_COMPATIBLE -> compatible();
            case TRADITIONAL -> traditional();
        };
    }

    private static Comparator<RuleDraft> compatible() {
        Comparator<RuleDraft> byPriority = (one, other) -> Long.compareUnsigned(priority(other), priority(one));
        return byPriority.thenComparing(LARGEST_ID_FIRST);
    }

    private static Comparator<RuleDraft> traditional() {
        return Comparator.comparingInt(RuleOrder::kinds)
                .thenComparingInt(RuleOrder::category)
                .thenComparingInt(RuleOrder::subcategory)
                .thenComparingInt(RuleOrder::headerNames)
                .thenComparingInt(draft -> isPattern(draft) ? draft.route().regexPriority() : 0)
                .thenComparingInt(RuleDraft::prefixLength)
                .reversed()
                .thenComparingLong(draft -> draft.route().createdAt())
                .thenComparing(LARGEST_ID_FIRST);
    }

    /**
     * The number traditional_compatible orders by, largest first, unsigned. From the highest bit: 3 bits kinds of attributes,
     * 1 only plain hosts, 8 header names, 1 pattern path, 32 regex priority (shifted, so that negative ones are lowest), 19
     * prefix length.
     */
    static long priority(RuleDraft draft) {
        long pattern = isPattern(draft) ? 1 : 0;
        long regexPriority =
                pattern == 0 ? 0 : Integer.toUnsignedLong(draft.route().regexPriority() ^ Integer.MIN_VALUE);
        return (long) kinds(draft) << 61
                | (hasOnlyPlainHosts(draft) ? 1L << 60 : 0)
                | (long) headerNames(draft) << 52
                | pattern << 51
                | regexPriority << 19
                | Math.min(draft.prefixLength(), MAX_LENGTH);
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
        boolean wildcardWithPort =
                draft.hosts().stream().anyMatch(host -> host.isWildcard() && host.port() != HostPattern.ANY_PORT);
        return (wildcardWithPort ? 4 : 0) | (hasOnlyPlainHosts(draft) ? 2 : 0) | (isPattern(draft) ? 1 : 0);
    }

    private static boolean hasOnlyPlainHosts(RuleDraft draft) {
        return !draft.hosts().isEmpty() && draft.hosts().stream().noneMatch(HostPattern::isWildcard);
    }

    private static boolean isPattern(RuleDraft draft) {
        return !draft.paths().patterns().isEmpty();
    }

    private static int headerNames(RuleDraft draft) {
        return Math.min(draft.headers().size(), MAX_HEADERS);
    }

    private static int bit(List<?> attribute, int bit) {
        return attribute.isEmpty() ? 0 : bit;
    }

    /** By bytes, as Kong does; {@link UUID#compareTo} compares signed halves. */
    private static int compare(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }
}
