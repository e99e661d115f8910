package io.sluice.node.dns;

import java.time.Duration;
import java.util.List;

/** What came of looking up a name. */
public sealed interface Answer {

    /**
     * The name has addresses.
     *
     * @param addresses at least one, sorted
     * @param valid how long that holds; zero if it is for once
     */
    record Found(List<ResolvedAddress> addresses, Duration valid) implements Answer {
        public Found {
            addresses = addresses.stream().sorted().distinct().toList();
        }
    }

    /** The name does not exist or has no address; this is certain. */
    record Missing(String reason) implements Answer {}

    /** It could not be found out. */
    record Failed(String reason) implements Answer {}
}
