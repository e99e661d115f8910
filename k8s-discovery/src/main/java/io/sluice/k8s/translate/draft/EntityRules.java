package io.sluice.k8s.translate.draft;

import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Checked;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the gateway says about entities: the one validation that files, the Admin API and objects go through. Thread-safe. */
public interface EntityRules {

    /**
     * Checks one entity by itself.
     *
     * @param given its fields; not changed
     * @return its tree with all defaults, or its errors in the shape of the entity
     */
    Checked check(EntityKind kind, Map<String, @Nullable Object> given);

    /** The plain value (Map, List, String, Long, Double, Boolean) of a JSON text; empty if it is none, or is null. */
    Optional<Object> json(String text);

    /** The plain value of a YAML text; empty if it is none, or is null. */
    Optional<Object> yaml(String text);
}
