package io.sluice.node.config;

import io.sluice.node.config.document.ConfigErrors;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.List;

/** What became of a candidate. */
public sealed interface Outcome {

    /**
     * It is live.
     *
     * @param declared as declared: secrets as references
     * @param warnings what was ignored and which secrets were not found
     */
    record Live(GatewayConfig declared, List<Problem> warnings) implements Outcome {}

    /** It is what was live before; nothing was done. */
    record Unchanged(String hash) implements Outcome {}

    /** It cannot be used; what was live before still is. */
    record Refused(ConfigErrors errors) implements Outcome {}

    /** Too many others wait; nothing was done. */
    record Busy() implements Outcome {}
}
