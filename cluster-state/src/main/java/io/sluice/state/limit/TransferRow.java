package io.sluice.state.limit;

import java.util.UUID;

/**
 * How many tokens of a key one node has ever given another in a generation: an entry of the rights matrix of a bounded counter
 * (Balegas et al. 2015). Only the donor writes it and it only grows, so the larger one is always the newer.
 *
 * @param rule whose key it is, see {@link LimitRule#id}
 * @param hash the key, see {@link KeyHash}
 * @param slot which of the key's limits: the period's ordinal, or {@link #CONCURRENT}
 * @param generation see {@link Generation}
 * @param era see {@link Era#number}
 * @param free tokens that nobody used when they were given
 * @param locked tokens that were in use when they were given: free for the recipient one window later
 * @param notBefore when the last of the free ones were given, milliseconds since the epoch as the donor's clock said
 */
public record TransferRow(
        UUID rule,
        long hash,
        int slot,
        long generation,
        int era,
        long donor,
        long recipient,
        long free,
        long locked,
        long notBefore) {

    /** Recipient of tokens that are not given away: {@code free} of them the donor has declared that it will spend. */
    public static final long SPENT = 0;

    /** Recipient of tokens that were spent before this cluster began. */
    public static final long PAST = 1;

    /** The slot of {@link WindowType#CONCURRENCY}. */
    public static final int CONCURRENT = Period.values().length;

    /** More is never given in a generation. */
    private static final long MOST = 1L << 50;

    /** A clock that is further ahead than this is not one of the cluster's. */
    private static final long CLOCK_MILLIS = 60_000;

    /** Rows of a generation below this one are over at a time, in milliseconds since the epoch. */
    public static long horizon(long millis) {
        return millis / Generation.UNIT_MILLIS;
    }

    /** Nothing has been given. */
    static TransferRow none(UUID rule, long hash, int slot, long generation, int era, long donor, long recipient) {
        return new TransferRow(rule, hash, slot, generation, era, donor, recipient, 0, 0, 0);
    }

    /** The newer of two versions of the same row, part by part. */
    public TransferRow merge(TransferRow other) {
        return new TransferRow(
                rule,
                hash,
                slot,
                generation,
                era,
                donor,
                recipient,
                Math.max(free, other.free),
                Math.max(locked, other.locked),
                Math.max(notBefore, other.notBefore));
    }

    TransferRow give(long moreFree, long moreLocked, long now) {
        return new TransferRow(
                rule,
                hash,
                slot,
                generation,
                era,
                donor,
                recipient,
                free + moreFree,
                locked + moreLocked,
                Math.max(notBefore, now));
    }

    /** Whether a node can have sent it in earnest, and it still counts. */
    boolean isSound(long now) {
        if (slot < 0 || slot > CONCURRENT || era < 0 || donor == recipient) {
            return false;
        }
        long seconds = slot == CONCURRENT ? 86_400 : Period.values()[slot].nominalSeconds();
        long longest = Math.max(Generation.UNIT_MILLIS, 9_000 * seconds);
        long first = (now - Math.max(Generation.UNIT_MILLIS, slot == CONCURRENT ? 0 : seconds * 1000))
                / Generation.UNIT_MILLIS;
        return generation >= first
                && generation <= (now + longest) / Generation.UNIT_MILLIS + 2
                && free >= 0
                && free <= MOST
                && locked >= 0
                && locked <= MOST
                && notBefore <= now + CLOCK_MILLIS;
    }

    /** Whether it is about a window of an hour or longer, which the heir of a node that died goes on with. */
    public boolean isLong() {
        return slot >= Period.HOUR.bitPosition() && slot != CONCURRENT;
    }

    boolean sameRow(TransferRow other) {
        return hash == other.hash
                && rule.equals(other.rule)
                && slot == other.slot
                && generation == other.generation
                && era == other.era
                && donor == other.donor
                && recipient == other.recipient;
    }

    long tokens() {
        return free + locked;
    }
}
