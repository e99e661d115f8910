package io.sluice.state.health;

/**
 * The health of one address, as requests use it and tell about it. Any thread; never blocks. It stays the same object for as long as
 * somebody watches its upstream, over changes of the configuration.
 */
public interface TargetHealth {

    /** Whether requests may go there: one volatile read. */
    boolean usable();

    /**
     * Whether a connection there has failed a moment ago, so that others are to be preferred until it is known why. It is usable all
     * the same: at most one or two volatile reads.
     *
     * @param now as {@link System#nanoTime}
     */
    default boolean suspect(long now) {
        return false;
    }

    /**
     * An answer has come from there; a 504 that the gateway made itself is a {@link Failure#TIMEOUT} instead.
     *
     * @param status in none of the upstream's lists counts as nothing
     */
    void responded(int status);

    /** A try has failed. */
    void failed(Failure failure);

    /**
     * The last of the connections that were kept to there was ended from there, a moment after it had served: whether others can be
     * made is found out before requests do.
     */
    default void left() {}

    /** Of an address that is never down, and that nobody wants to know about. */
    static TargetHealth always() {
        return AlwaysUsable.INSTANCE;
    }
}
