package io.sluice.state.limit;

/** The time that tokens are locked by: milliseconds since the epoch as all nodes agree on it. Any thread, cheap, monotone. */
@FunctionalInterface
public interface TokenClock {

    /** Now. */
    long millis();
}
