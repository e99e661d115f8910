package io.sluice.node.config.document;

import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a document: a configuration or what is wrong with it.
 *
 * @param read null if anything is wrong
 * @param errors empty if nothing is
 * @param warnings what was ignored
 */
public record ReadResult(@Nullable GatewayConfig read, ConfigErrors errors, List<Problem> warnings) {

    static ReadResult refused(ConfigErrors errors) {
        return new ReadResult(null, errors, List.of());
    }

    /** The configuration, references to vaults kept as written. */
    public Optional<GatewayConfig> config() {
        return Optional.ofNullable(read);
    }

    /** Everything that is wrong, one by one. */
    public List<Problem> problems() {
        return errors.problems();
    }
}
