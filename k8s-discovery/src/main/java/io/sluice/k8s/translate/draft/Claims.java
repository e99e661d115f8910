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
    /** The keys of the owners in the order of their claims. */
    private final List<String> claimed = new ArrayList<>();

    /**
     * Claims a value for an object.
     *
     * @return who has it already; empty if it is the object's now
     */
    public Optional<ObjectRef> claim(String what, String value, ObjectRef object) {
        String key = what + '\0' + value;
        ObjectRef owner = owners.putIfAbsent(key, object);
        if (owner == null) {
            claimed.add(key);
        }
        return Optional.ofNullable(owner);
    }

    /** How many claims there are, for {@link #release(int)}. */
    public int mark() {
        return claimed.size();
    }

    /** Gives up all claims since a mark: who is refused must not keep from others what they could have. */
    public void release(int mark) {
        List<String> since = claimed.subList(mark, claimed.size());
        since.forEach(owners::remove);
        since.clear();
    }

    /** Claims the values of an entity that no other entity of its kind may have, as far as they are set: all of them or none. */
    public Optional<Conflict> claim(Draft draft) {
        int mark = mark();
        List<String> fields = new ArrayList<>(draft.kind().uniqueFields());
        fields.add("id");
        for (String field : fields) {
            String value = field.equals("id") ? draft.text(field).toLowerCase(Locale.ROOT) : draft.text(field);
            if (!value.isEmpty()) {
                Optional<ObjectRef> owner = claim(key(draft.kind(), field), value, draft.source());
                if (owner.isPresent()) {
                    release(mark);
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
