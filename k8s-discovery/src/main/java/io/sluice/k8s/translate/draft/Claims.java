package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who was first to use what only one may use: names, keys, hosts with paths. */
public final class Claims {

    private final Map<String, ObjectRef> owners = new HashMap<>();

    /**
     * Claims a value for an object.
     *
     * @return who has it already; empty if it is the object's now
     */
    public Optional<ObjectRef> claim(String what, String value, ObjectRef object) {
        return Optional.ofNullable(owners.putIfAbsent(what + '\0' + value, object));
    }

    /** Claims the values of an entity that no other entity of its kind may have, as far as they are set. */
    public Optional<Conflict> claim(Draft draft) {
        List<String> fields = new ArrayList<>(draft.kind().uniqueFields());
        fields.add("id");
        for (String field : fields) {
            String value = field.equals("id") ? draft.text(field).toLowerCase(Locale.ROOT) : draft.text(field);
            if (!value.isEmpty()) {
                Optional<ObjectRef> owner = claim(key(draft.kind(), field), value, draft.source());
                if (owner.isPresent()) {
                    return owner.map(object -> new Conflict(field, object));
                }
            }
        }
        return Optional.empty();
    }

    /** Two entities with the same value of a field. */
    public record Conflict(String field, ObjectRef owner) {}

    private static String key(EntityKind kind, String field) {
        return kind.plural() + '.' + field;
    }
}
