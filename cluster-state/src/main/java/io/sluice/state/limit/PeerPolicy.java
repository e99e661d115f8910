package io.sluice.state.limit;

/** What a node may still admit while it cannot reach its peers. */
public enum PeerPolicy {
    /** Nothing, as soon as it knows. */
    CLOSED,
    /** Its own tokens, for as long as no other node can have been given them. */
    SHARE,
    /** Also the tokens of those it cannot reach, so the limit holds on each side of the cut only. */
    OPEN
}
