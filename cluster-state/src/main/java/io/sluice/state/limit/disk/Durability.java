package io.sluice.state.limit.disk;

import java.util.Optional;

/**
 * Whether what is spent of long limits outlives the cluster.
 *
 * @param onDisk whether it is meant to
 * @param degraded why it does not, or not all of it
 */
public record Durability(boolean onDisk, Optional<String> degraded) {

    /** Nothing is kept, and nobody asked for it. */
    public static final Durability MEMORY_ONLY = new Durability(false, Optional.empty());
}
