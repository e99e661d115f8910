package io.sluice.k8s.watch;

import java.time.Duration;
import java.util.Set;

/**
 * How objects are followed.
 *
 * @param namespaces those whose objects matter; empty for all. What belongs to the cluster always matters
 * @param holdOff how long nothing must have changed before objects are handed over
 * @param longestHoldOff how long changes are held back at most while they keep coming
 * @param firstPause after the first failure in a row; it doubles with each further one
 * @param longestPause between tries, however many have failed
 * @param absentPause between looks whether a kind is served by now, or allowed
 * @param watchLife how long the server may let one watch be; the next one goes on where it ended
 * @param grace how much longer a watch may take to end before it is given up: its connection may have died without a word
 */
public record WatchSettings(
        Set<String> namespaces,
        Duration holdOff,
        Duration longestHoldOff,
        Duration firstPause,
        Duration longestPause,
        Duration absentPause,
        Duration watchLife,
        Duration grace) {

    /** The usual times. */
    public static WatchSettings of(Set<String> namespaces) {
        return new WatchSettings(
                Set.copyOf(namespaces),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15));
    }
}
