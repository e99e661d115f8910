package io.sluice.k8s.api;

import io.sluice.state.model.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of decoding an object.
 *
 * @param metadata of the object, also if the rest cannot be read
 * @param decoded null if anything is wrong
 * @param problems empty if nothing is
 */
public record Decoded(Metadata metadata, @Nullable KubeObject decoded, List<Problem> problems) {

    /** The object if it could be read. */
    public Optional<KubeObject> object() {
        return Optional.ofNullable(decoded);
    }
}
