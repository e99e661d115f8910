package io.sluice.state.limit;

/** What happens when this node's tokens are used up and others may have some. */
public enum Mode {
    /** The request waits a few milliseconds for a transfer; the limit is never exceeded. */
    STRICT,
    /** The request goes on at once if others are believed to have tokens; what was too much is paid back by later ones. */
    AVAILABLE
}
