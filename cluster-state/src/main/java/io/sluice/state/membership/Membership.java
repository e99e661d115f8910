package io.sluice.state.membership;

import java.util.function.Consumer;

/** What a node knows of the cluster it is in; a node by itself is a cluster of one. Any thread. */
public interface Membership {

    /** The cluster now. */
    Members members();

    /**
     * Calls with the snapshot of now and then with every later one, in their order, none left out.
     *
     * @param listener called on the thread that publishes; must not block
     * @return ends the subscription
     */
    Runnable subscribe(Consumer<Members> listener);

    /**
     * Until when this node may act as a member, on the scale of {@link System#nanoTime()}: some seconds after it asked those that make
     * a majority with it and that still take it for a member. No other node can have removed it before. Needs no message to expire,
     * so it holds for a node that was paused or cut off, from the first instruction on.
     */
    long contactUntil();

    /**
     * Calls whenever {@link #contactUntil()} changes, for those who go by a time of their own.
     *
     * @return ends the subscription
     */
    Runnable onContact(ContactListener listener);

    /** Hears of contact with a majority. Called by one thread at a time; must not block. */
    interface ContactListener {

        /**
         * A majority has answered.
         *
         * @param askedAt when it was asked, on the scale of {@link System#nanoTime()}; grows from call to call
         */
        void confirmed(long askedAt);

        /** From now on this node must not act as a member. */
        void lost();
    }

    /** Whether {@link #contactUntil()} is still to come. */
    default boolean inContact() {
        return contactUntil() - System.nanoTime() > 0;
    }

    /**
     * Whether this node acts for the whole cluster now. Never true on two nodes of a cluster at once: who is cut off from a majority
     * does not lead, to the nanosecond, and the next one leads only after the one before it has been removed. There may be nobody
     * for some seconds. Snapshots say when it may have changed.
     */
    default boolean leads() {
        return members().selfLeads() && inContact();
    }

    /**
     * The time that the members agree on, the median of their clocks, in milliseconds since 1970. The node's own clock before the first
     * contact; never goes back from then on.
     */
    long agreedMillis();

    /** How many messages of other nodes could not be read since the start: of an unknown version, or no messages at all. */
    default long unreadable() {
        return 0;
    }

    /** How many connections between nodes were closed because of what the other end sent, since the start. */
    default long refused() {
        return 0;
    }

    /** A node by itself: no actor system, no port, always in contact. */
    static Membership alone() {
        return new LoneNode();
    }
}
