package io.sluice.node.config.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.state.model.HostPort;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a document's drafts: no two alike where one must be unique, every reference (by id, by natural key, or as a
 * mapping with either) leads somewhere. Replaces references by {@code {"id": ..}}.
 */
final class Links {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String GROUPS = "groups";
    private static final String AUTHORITIES = "ca_certificates";

    private final Map<EntityKind, Map<String, Draft>> byId = new EnumMap<>(EntityKind.class);
    private final Map<EntityKind, Map<String, Draft>> byKey = new EnumMap<>(EntityKind.class);

    Links() {
        for (EntityKind kind : EntityKind.values()) {
            byId.put(kind, new HashMap<>());
            byKey.put(kind, new HashMap<>());
        }
    }

    /** Enters the drafts, parents first, and reports repetition. */
    void index(List<Draft> drafts) {
        Map<EntityKind, Map<String, Set<Object>>> seen = new EnumMap<>(EntityKind.class);
        for (EntityKind kind : EntityKind.values()) {
            seen.put(kind, new HashMap<>());
        }
        for (Draft draft : drafts) {
            EntityKind kind = draft.kind;
            String repeated = null;
            for (String field : kind.uniqueFields()) {
                Object value = value(draft, field);
                boolean first = value == null
                        || seen.getOrDefault(kind, Map.of())
                                .computeIfAbsent(field, name -> new HashSet<>())
                                .add(value);
                if (first
                        && value instanceof String key
                        && kind.endpointKey().filter(field::equals).isPresent()) {
                    byKey.getOrDefault(kind, Map.of()).put(key, draft);
                }
                repeated = first || repeated != null ? repeated : violation(kind, field, String.valueOf(value));
            }
            Draft same = byId.getOrDefault(kind, Map.of()).putIfAbsent(draft.id.toLowerCase(Locale.ROOT), draft);
            if (repeated == null && same != null && !draft.id.isEmpty()) {
                repeated = violation(kind, "primary key", draft.id);
            }
            if (repeated != null && draft.verdict == null) {
                draft.verdict = repeated;
            }
        }
    }

    /** Follows the references of a draft. */
    void resolve(Draft draft) {
        draft.kind.foreignFields().forEach((field, kind) -> {
            Object value = value(draft, field);
            if (value != null && !draft.errors.containsKey(field)) {
                Draft found = find(kind, value);
                if (found == null) {
                    draft.errors.put(field, dangling(field, value, kind));
                } else {
                    draft.tree.put(field, Map.of("id", found.id));
                }
            }
        });
        if (draft.kind == EntityKind.CONSUMER) {
            resolveList(draft, GROUPS, EntityKind.CONSUMER_GROUP, true);
        } else if (draft.kind == EntityKind.SERVICE) {
            resolveList(draft, AUTHORITIES, EntityKind.CA_CERTIFICATE, false);
        }
    }

    private void resolveList(Draft draft, String field, EntityKind kind, boolean asMap) {
        if (!(value(draft, field) instanceof List<?> references) || draft.errors.containsKey(field)) {
            return;
        }
        List<Object> resolved = new ArrayList<>();
        for (Object reference : references) {
            Draft found = reference == null ? null : find(kind, reference);
            if (found == null) {
                draft.errors.put(field, dangling(field, reference == null ? "null" : reference, kind));
                return;
            }
            resolved.add(asMap ? Map.of("id", found.id) : found.id);
        }
        draft.tree.put(field, resolved);
    }

    /** Two entities for the same place, for example one plugin twice on one route; run when references are resolved. */
    void rejectSamePlace(List<Draft> drafts) {
        Map<String, Draft> places = new HashMap<>();
        for (Draft draft : drafts) {
            boolean compound = draft.kind.cacheKey().size() > 1;
            if (compound && !draft.failed()) {
                List<String> parts = new ArrayList<>();
                for (String field : draft.kind.cacheKey()) {
                    parts.add(placePart(draft, field));
                }
                if (places.putIfAbsent(draft.kind.plural() + parts, draft) != null) {
                    String fields = String.join(", ", draft.kind.cacheKey());
                    draft.verdict = violation(draft.kind, fields, String.join(", ", parts));
                }
            }
        }
    }

    private static String placePart(Draft draft, String field) {
        Object value = draft.tree.get(field);
        if (value instanceof Map<?, ?> reference) {
            return String.valueOf(reference.get("id"));
        }
        if (draft.kind == EntityKind.TARGET && value instanceof String target) {
            return HostPort.parse(target).map(host -> host.withPort(8000)).orElse(target);
        }
        return value == null ? "" : String.valueOf(value);
    }

    @Nullable
    Draft find(EntityKind kind, Object reference) {
        if (reference instanceof String text) {
            Draft byName = byKey.getOrDefault(kind, Map.of()).get(text);
            return byName != null ? byName : byId.getOrDefault(kind, Map.of()).get(text.toLowerCase(Locale.ROOT));
        }
        if (!(reference instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.get("id") instanceof String id) {
            return find(kind, id);
        }
        String key = kind.endpointKey().orElse("name");
        Object name = map.get(key) != null ? map.get(key) : map.get("name");
        return name instanceof String text ? byKey.getOrDefault(kind, Map.of()).get(text) : null;
    }

    private static @Nullable Object value(Draft draft, String field) {
        return draft.tree.isEmpty() ? draft.given.get(field) : draft.tree.get(field);
    }

    private static String violation(EntityKind kind, String field, String value) {
        boolean secret = kind.schema().fields().stream()
                .filter(Field::secret)
                .anyMatch(one -> one.name().equals(field));
        return "uniqueness violation: '" + kind.plural() + "' entity with " + field + " set to '"
                + (secret ? "******" : value) + "' already declared";
    }

    static String dangling(String field, Object value, EntityKind kind) {
        return "invalid reference '" + field + ": " + written(value) + "' (no such entry in '" + kind.plural() + "')";
    }

    private static String written(Object value) {
        if (value instanceof Map<?, ?> map) {
            try {
                return JSON.writeValueAsString(new LinkedHashMap<>(map));
            } catch (JsonProcessingException e) {
                return "{}";
            }
        }
        return String.valueOf(value);
    }
}
