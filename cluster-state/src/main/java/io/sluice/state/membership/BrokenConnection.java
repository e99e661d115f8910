package io.sluice.state.membership;

/**
 * A connection to or from the cluster port that was closed because of what the other end sent.
 *
 * @param peer its address if this node connected to it, else {@link #STRANGER}: Pekko does not say who did
 * @param reason what was wrong
 */
record BrokenConnection(String peer, String reason) {

    /** Somebody who connected to this node. */
    static final String STRANGER = "unknown";
}
