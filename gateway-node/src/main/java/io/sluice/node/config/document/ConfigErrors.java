package io.sluice.node.config.document;

import io.sluice.state.model.Problem;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything wrong with a document, in the three forms it is asked for: problems for people and logs, the tree that mirrors
 * the document, and one entry per entity. Trees are of Map, List, String and null. Immutable.
 */
public final class ConfigErrors {

    /** Nothing is wrong. */
    public static final ConfigErrors NONE = new ConfigErrors(Map.of(), Map.of(), List.of(), List.of());

    private final Map<String, Object> fields;
    private final Map<String, Object> unflattened;
    private final List<Map<String, Object>> flattened;
    private final List<Problem> problems;

    private ConfigErrors(
            Map<String, Object> fields,
            Map<String, Object> unflattened,
            List<Map<String, Object>> flattened,
            List<Problem> problems) {
        this.fields = fields;
        this.unflattened = unflattened;
        this.flattened = flattened;
        this.problems = problems;
    }

    /** The document as a whole cannot be used: it cannot be read, or its content cannot be put to work. */
    public static ConfigErrors whole(String reason) {
        Map<String, Object> fields = Map.of("error", reason);
        return new ConfigErrors(fields, fields, List.of(), List.of(new Problem("document", "", reason)));
    }

    static ConfigErrors of(Map<String, Object> root, Map<EntityKind, List<Draft>> top) {
        Map<String, Object> fields = new LinkedHashMap<>(root);
        top.forEach((kind, drafts) -> {
            List<@Nullable Object> list = listTree(drafts);
            if (!list.isEmpty()) {
                fields.put(kind.plural(), list);
            }
        });
        List<Problem> problems = new ArrayList<>();
        ErrorEntries.of(root).forEach(entry -> problems.add(new Problem("document", entry.field(), entry.message())));
        List<Map<String, Object>> flattened = new ArrayList<>();
        for (Draft draft : Draft.flat(top)) {
            if (draft.failed()) {
                List<ErrorEntries.Entry> entries = ErrorEntries.of(ownTree(draft));
                entries.forEach(one -> problems.add(new Problem(draft.described(), one.field(), one.message())));
                flattened.add(ErrorEntries.flattened(draft, entries));
            }
        }
        return new ConfigErrors(fields, root, List.copyOf(flattened), List.copyOf(problems));
    }

    private static List<@Nullable Object> listTree(List<Draft> drafts) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Draft draft : drafts) {
            list.add(tree(draft));
        }
        return trimmed(list);
    }

    private static @Nullable Object tree(Draft draft) {
        Map<String, Object> tree = ownTree(draft);
        draft.children.forEach((kind, drafts) -> {
            List<@Nullable Object> list = listTree(drafts);
            if (!list.isEmpty()) {
                tree.put(kind.plural(), list);
            }
        });
        boolean onlyVerdict = draft.verdict != null && tree.size() == 1;
        return onlyVerdict ? draft.verdict : tree.isEmpty() ? null : tree;
    }

    private static Map<String, Object> ownTree(Draft draft) {
        Map<String, Object> tree = new LinkedHashMap<>();
        draft.errors.forEach((field, error) -> tree.put(field, trimmed(error)));
        if (draft.verdict != null) {
            List<Object> entity = new ArrayList<>();
            entity.add(draft.verdict);
            if (tree.get("@entity") instanceof List<?> others) {
                others.forEach(other -> entity.add(String.valueOf(other)));
            }
            tree.put("@entity", entity);
        }
        return tree;
    }

    private static Object trimmed(Object error) {
        if (error instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(one -> copy.add(one == null ? null : trimmed(one)));
            return trimmed(copy);
        }
        if (error instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((field, one) -> copy.put(String.valueOf(field), trimmed(one)));
            return copy;
        }
        return error;
    }

    /** Without the good elements behind the last bad one. */
    private static List<@Nullable Object> trimmed(List<@Nullable Object> list) {
        int end = list.size();
        while (end > 0 && list.get(end - 1) == null) {
            end--;
        }
        return list.subList(0, end);
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** One by one, for people. */
    public List<Problem> problems() {
        return problems;
    }

    /** The tree that mirrors the document; good elements of lists are null. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** One entry per entity, nested ones hoisted, as {@code ?flatten_errors=1} shows them. */
    public List<Map<String, Object>> flattened() {
        return flattened;
    }

    /** The body of the Admin API's answer with status 400. */
    public Map<String, Object> body(boolean flatten) {
        Map<String, Object> shown = flatten ? unflattened : fields;
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", 14L);
        body.put("name", "invalid declarative configuration");
        body.put("message", "declarative config is invalid: " + LuaText.of(shown));
        body.put("fields", shown);
        if (flatten) {
            body.put("flattened_errors", flattened);
        }
        return body;
    }
}
