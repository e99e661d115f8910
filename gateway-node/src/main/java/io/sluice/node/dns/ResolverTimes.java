package io.sluice.node.dns;

import io.sluice.node.settings.DnsSettings;
import java.time.Duration;

/**
 * How long a resolver goes by what it knows.
 *
 * @param stale how long addresses are used on after their time while looking the name up again fails
 * @param error the first pause after a look-up that failed; pauses double up to {@link #LONGEST_PAUSE}
 * @param notFound the longest pause after an answer that there is no address; pauses grow to it from {@code error}
 * @param patience how long a request waits for a name that nothing is known of
 * @param names most names kept that nobody uses now; names in use are always kept
 */
public record ResolverTimes(Duration stale, Duration error, Duration notFound, Duration patience, int names) {

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** No name is looked up more often than that, whatever answers and settings say. */
    static final Duration SHORTEST_VALIDITY = Duration.ofSeconds(1);

    static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    /** As Kong's defaults. */
    public static final ResolverTimes DEFAULT = new ResolverTimes(
            Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5), 10_000);

    static ResolverTimes of(DnsSettings settings) {
        return new ResolverTimes(
                settings.staleTime(),
                settings.errorTime(),
                settings.notFoundTime(),
                DEFAULT.patience,
                settings.cacheSize());
    }

    /** How long after so many failures in a row it is tried again; {@code certain} if the last was an answer. */
    Duration pause(int failures, boolean certain) {
        Duration first = longer(error, SHORTEST_PAUSE);
        Duration most = longer(certain ? notFound : LONGEST_PAUSE, first);
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
