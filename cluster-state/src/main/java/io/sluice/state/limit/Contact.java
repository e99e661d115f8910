package io.sluice.state.limit;

/**
 * Until when this node may spend its tokens without hearing from its peers. Others are given a node's tokens once it has been
 * removed from the cluster; before that can have happened it must have stopped by itself. Thread-safe.
 */
public final class Contact {

    /** A node that had no answer from a quorum for so long stops spending; removal takes longer than that. */
    public static final long FENCE_MILLIS = 8_000;

    /** With {@link PeerPolicy#CLOSED} it stops as soon as pings have failed for so long. */
    public static final long DOUBT_MILLIS = 2_500;

    private volatile long last;

    /** In contact for good, as a cluster of one is. */
    public static Contact always() {
        Contact contact = new Contact();
        contact.confirmed(Long.MAX_VALUE);
        return contact;
    }

    /**
     * A quorum has answered.
     *
     * @param asked when it was asked, milliseconds since the epoch as the cluster agrees on them
     */
    public void confirmed(long asked) {
        last = asked;
    }

    /** No contact, as of now. */
    public void lost() {
        last = Long.MIN_VALUE / 2;
    }

    /** Whether tokens of a rule with this policy may be spent; {@code now} as in {@link #confirmed}. */
    public boolean allows(PeerPolicy policy, long now) {
        return switch (policy) {
            case OPEN -> true;
            case SHARE -> last >= now - FENCE_MILLIS;
            case CLOSED -> last >= now - DOUBT_MILLIS;
        };
    }

    boolean lostAt(long now) {
        return last < now - FENCE_MILLIS;
    }
}
