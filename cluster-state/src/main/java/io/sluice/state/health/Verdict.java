package io.sluice.state.health;

import java.util.Comparator;

/**
 * What holds for an address in the whole cluster; there is none for an address that was never down lately. The later version wins.
 *
 * @param version when it was found or last confirmed, in agreed milliseconds since 1970, and in any case more than that of the verdict
 *     before it
 * @param finder id of the node that found it
 * @param since when, in agreed milliseconds since 1970
 * @param detail what exactly was seen, for operators; at most {@link #LONGEST_DETAIL} characters
 */
public record Verdict(
        TargetAddress address, long version, boolean up, Cause cause, long finder, long since, String detail)
        implements Comparable<Verdict> {

    /** Longer ones are cut. */
    public static final int LONGEST_DETAIL = 120;

    /** Of two with the same version, which is a matter of two owners at once, the one that is down. */
    private static final Comparator<Verdict> ORDER = Comparator.comparingLong(Verdict::version)
            .thenComparing(Verdict::up, Comparator.reverseOrder())
            .thenComparing(Verdict::cause)
            .thenComparingLong(Verdict::finder)
            .thenComparingLong(Verdict::since)
            .thenComparing(Verdict::detail)
            .thenComparing(Verdict::address);

    public Verdict {
        detail = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL);
    }

    /** The same, found to hold still. */
    Verdict confirmed(long now) {
        return new Verdict(address, Math.max(version + 1, now), up, cause, finder, since, detail);
    }

    boolean isManual() {
        return cause == Cause.MANUAL;
    }

    /** Whether it says the same, be it found once or confirmed. */
    boolean saysLike(Verdict other) {
        return up == other.up && cause == other.cause && finder == other.finder && since == other.since;
    }

    /** The one of two on the same address that counts. */
    Verdict merge(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Verdict other) {
        return ORDER.compare(this, other);
    }
}
