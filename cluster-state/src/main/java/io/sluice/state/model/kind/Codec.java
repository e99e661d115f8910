package io.sluice.state.model.kind;

import io.sluice.state.model.Entity;
import io.sluice.state.model.schema.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way between an entity's record and its settings tree. The tree has every field of the schema, null where unset;
 * references are {@code {"id": ".."}}. Pure.
 */
interface Codec<E extends Entity> {

    /** The record of a tree that the kind's schema has accepted and that has an id. */
    E decode(Settings tree);

    /** The tree of a record, in the order of the schema. */
    Map<String, @Nullable Object> encode(E entity);
}
