package io.sluice.state.limit;

/** Where limiters come from; a node has one of these. Thread-safe. */
public interface Limiters {

    /**
     * A limiter for a rule. As long as one of the same id, reach and window type is open, it is the same counts, and the rule of
     * the last call holds for all of them; they are forgotten when the last one is closed.
     *
     * @param limits what it limits to, so that other nodes may be answered before this one has had a request; replaces what
     *     an earlier call for the rule said
     */
    RateLimiter open(LimitRule rule, Limits limits);
}
