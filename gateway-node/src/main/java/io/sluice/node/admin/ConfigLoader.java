package io.sluice.node.admin;

import io.sluice.node.config.Candidate;
import io.sluice.node.config.Outcome;
import java.util.concurrent.CompletionStage;

/** Puts a whole new configuration in the place of the one that is served. Any thread; does not block. */
public interface ConfigLoader {

    /**
     * Replaces the configuration, or leaves it as it is if there is a problem.
     *
     * @param onlyIfOther do nothing if it is the one served now
     */
    CompletionStage<Outcome> load(Candidate candidate, boolean onlyIfOther);
}
