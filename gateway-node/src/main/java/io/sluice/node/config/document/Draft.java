package io.sluice.node.config.document;

import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entity on its way from a document to a configuration: what was given, what came of it, what is wrong with it. */
final class Draft {

    final EntityKind kind;
    final @Nullable Draft parent;
    final int index;

    /** The fields as sent, without nested entities. */
    final Map<String, @Nullable Object> given;

    final Map<EntityKind, List<Draft>> children = new LinkedHashMap<>();

    /** By field, in the shape of the input. */
    final Map<String, Object> errors = new LinkedHashMap<>();

    /** The one error that replaces all those of the fields; null if there is none. */
    @Nullable
    String verdict;

    /** Checked, with defaults; empty until then or if something is wrong. */
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();

    /** As given or derived; empty until known. */
    String id = "";

    Draft(EntityKind kind, @Nullable Draft parent, int index, Map<String, @Nullable Object> given) {
        this.kind = kind;
        this.parent = parent;
        this.index = index;
        this.given = given;
    }

    boolean failed() {
        return verdict != null || !errors.isEmpty();
    }

    /** This one and everything nested in it, parents first. */
    void collect(List<Draft> into) {
        into.add(this);
        children.values().forEach(list -> list.forEach(child -> child.collect(into)));
    }

    /** The field by which it refers to its parent; empty if it has none. */
    String parentField() {
        String field = parent == null ? null : parent.kind.children().get(kind);
        return field == null ? "" : field;
    }

    /** {@code route 'r1'}, or its place in the document, {@code services[2].routes[0]}. */
    String described() {
        Object name = kind.endpointKey().map(given::get).orElse(null);
        boolean shown = name instanceof String text && !text.isEmpty() && !kindHidesKey();
        return shown ? kind.singular() + " '" + name + "'" : place();
    }

    private boolean kindHidesKey() {
        return kind.schema().fields().stream()
                .anyMatch(field -> field.secret()
                        && kind.endpointKey().filter(field.name()::equals).isPresent());
    }

    private String place() {
        String own = kind.plural() + "[" + index + "]";
        return parent == null ? own : parent.place() + "." + own;
    }

    static List<Draft> flat(Map<EntityKind, List<Draft>> top) {
        List<Draft> all = new ArrayList<>();
        top.values().forEach(list -> list.forEach(draft -> draft.collect(all)));
        return all;
    }
}
