package io.sluice.state.health;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Does the input and output of probes. */
@FunctionalInterface
public interface Prober {

    /**
     * Probes once.
     *
     * @param how type, timeout, path and so on; its intervals and limits do not matter here
     * @param hostHeader what the {@code Host} is to be; otherwise the host of the target
     * @return done with the result, never exceptionally, shortly after {@code how.patience()} at the latest. Never blocks, never throws
     */
    CompletionStage<ProbeResult> probe(TargetAddress address, Healthchecks.Active how, Optional<String> hostHeader);
}
