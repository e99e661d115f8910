package io.sluice.state.limit;

import java.time.Duration;
import java.util.UUID;

/**
 * How one plugin configuration limits; what it limits to may change without a new rule, see {@link RateLimiter#acquire}.
 *
 * @param id whose rule it is; keys of different ids are counted apart, keys of the same id together, on all nodes
 * @param reach whose requests count together
 * @param park the longest that a request may wait for a transfer between nodes, 0 to 10 s
 */
public record LimitRule(UUID id, Reach reach, WindowType windowType, Mode mode, PeerPolicy peers, Duration park) {

    /**
     * A transfer within a data centre takes about a millisecond; ten times that on a busy machine. An answer always comes if
     * there is anybody to ask, and a request that waits a little longer is better off than one that is refused for nothing.
     */
    public static final Duration DEFAULT_PARK = Duration.ofMillis(50);

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final Duration LONGEST_PARK = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException if the park time is out of its bounds */
    public LimitRule {
        if (park.isNegative() || park.compareTo(LONGEST_PARK) > 0) {
            throw new IllegalArgumentException("park: " + park + " (expected: 0 to " + LONGEST_PARK + ")");
        }
    }

    /**
     * By which nodes know what they share by this rule. Each kind of window has its own, so that a rule that changes its kind begins
     * with nothing that was moved by the former one.
     */
    UUID shared() {
        return shared(id, windowType);
    }

    static UUID shared(UUID id, WindowType type) {
        return new UUID(id.getMostSignificantBits() ^ MIX * type.ordinal(), id.getLeastSignificantBits());
    }

    /** What Kong's {@code local} policy is: this node only, calendar windows. */
    public static LimitRule local(UUID id) {
        return new LimitRule(id, Reach.NODE, WindowType.FIXED, Mode.STRICT, PeerPolicy.SHARE, DEFAULT_PARK);
    }
}
