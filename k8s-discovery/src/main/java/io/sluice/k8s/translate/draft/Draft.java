package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.state.model.kind.EntityKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entity on its way into the configuration. Not thread-safe. */
public final class Draft {

    private final EntityKind kind;
    private final ObjectRef source;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final Map<String, Origin> origins = new LinkedHashMap<>();

    /** @param source the object it is made of, and that is refused if it is wrong */
    public Draft(EntityKind kind, ObjectRef source) {
        this.kind = kind;
        this.source = source;
    }

    /** Who set a field, and where in that object. */
    public record Origin(ObjectRef object, String place) {}

    public EntityKind kind() {
        return kind;
    }

    public ObjectRef source() {
        return source;
    }

    /** Sets a field of the entity's own source. */
    public Draft set(String field, @Nullable Object value) {
        fields.put(field, value);
        origins.remove(field);
        return this;
    }

    /** Sets a field that someone else, or a certain place of the source, is to answer for. */
    public Draft set(String field, @Nullable Object value, Origin origin) {
        fields.put(field, value);
        origins.put(field, origin);
        return this;
    }

    /** Takes a field away. */
    public void remove(String field) {
        fields.remove(field);
        origins.remove(field);
    }

    /** A field's value; null if it is not set. */
    public @Nullable Object get(String field) {
        return fields.get(field);
    }

    /** A field's text; empty if it is not set. */
    public String text(String field) {
        return fields.get(field) instanceof String text ? text : "";
    }

    /** Who set the field; null for the source. */
    public @Nullable Origin origin(String field) {
        return origins.get(field);
    }

    /** The names of the fields that an object other than the source, or a certain place, has set. */
    public Set<String> overlaid() {
        return origins.keySet();
    }

    /** All fields; writes through. */
    public Map<String, @Nullable Object> fields() {
        return fields;
    }
}
