package io.sluice.node.config.document;

import io.sluice.state.model.Problem;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a document's tree apart into drafts of entities: top-level lists, nested lists, and what belongs to neither. */
final class DraftReader {

    private static final List<String> VERSIONS = List.of("1.1", "2.1", "3.0");

    /** Keys of deck's that say nothing about what the gateway does. */
    private static final Set<String> DECK = Set.of("_info", "_workspace", "_konnect", "_plugin_configs", "_defaults");

    /** What Kong dumps besides the configuration: state of its own, which has no meaning here. */
    private static final Set<String> KONG_STATE = Set.of(
            "workspaces",
            "parameters",
            "clustering_data_planes",
            "oauth2_tokens",
            "oauth2_authorization_codes",
            "acme_storage",
            "sessions");

    final Map<EntityKind, List<Draft>> top = new EnumMap<>(EntityKind.class);
    final Map<String, Object> errors = new LinkedHashMap<>();
    final List<Problem> warnings = new ArrayList<>();

    /** Whether values still need what Kong does on writing, such as hashing passwords. */
    boolean transform = true;

    /** What an absent field of a kind gets, by the kind's singular word. */
    final Map<String, Map<?, ?>> defaults = new LinkedHashMap<>();

    /** Shared plugin settings by name. */
    final Map<String, Map<?, ?>> pluginConfigs = new LinkedHashMap<>();

    /** Reads the whole tree; it may be changed in place. */
    void read(Map<String, @Nullable Object> root) {
        version(root.get("_format_version"));
        if ("1.1".equals(root.get("_format_version")) || "2.1".equals(root.get("_format_version"))) {
            FormatUpgrade.apply(root);
        }
        if (root.get("_transform") instanceof Boolean flag) {
            transform = flag;
        } else if (root.get("_transform") != null) {
            errors.put("_transform", "expected a boolean");
        }
        comments(root, errors);
        deckDefaults(root);
        root.forEach(this::topLevel);
    }

    private void version(@Nullable Object version) {
        if (version == null) {
            errors.put("_format_version", "required field missing");
        } else if (!(version instanceof String)) {
            errors.put("_format_version", "expected a string");
        } else if (!VERSIONS.contains(version)) {
            errors.put("_format_version", "expected one of: " + String.join(", ", VERSIONS));
        }
    }

    private void deckDefaults(Map<String, @Nullable Object> root) {
        if (root.get("_info") instanceof Map<?, ?> meta && meta.get("defaults") instanceof Map<?, ?> byKind) {
            maps(byKind, defaults);
        }
        if (root.get("_defaults") instanceof Map<?, ?> byKind) {
            maps(byKind, defaults);
        }
        if (root.get("_plugin_configs") instanceof Map<?, ?> byName) {
            maps(byName, pluginConfigs);
        }
    }

    private static void maps(Map<?, ?> from, Map<String, Map<?, ?>> into) {
        from.forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                into.put(String.valueOf(name), map);
            }
        });
    }

    private void topLevel(String key, @Nullable Object value) {
        EntityKind kind = EntityKind.of(key).orElse(null);
        if (kind != null) {
            list(kind, null, value, top, errors);
        } else if (KONG_STATE.contains(key)) {
            warnings.add(new Problem("document", key, "ignored: it is state of Kong's, not configuration"));
        } else if (key.equals("filter_chains")) {
            filterChains(value);
        } else if (!key.startsWith("_") || !isMeta(key)) {
            errors.put(key, "unknown field");
        }
    }

    private void filterChains(@Nullable Object value) {
        if (value != null && !(value instanceof List<?>)) {
            errors.put("filter_chains", "expected an array");
        } else if (value instanceof List<?> chains && !chains.isEmpty()) {
            errors.put("filter_chains", "WebAssembly filters are not run by this gateway (expected: none)");
        }
    }

    private static boolean isMeta(String key) {
        return DECK.contains(key)
                || key.equals("_format_version")
                || key.equals("_transform")
                || key.equals("_comment")
                || key.equals("_ignore");
    }

    private static void comments(Map<String, @Nullable Object> tree, Map<String, Object> errors) {
        if (tree.get("_comment") != null && !(tree.get("_comment") instanceof String)) {
            errors.put("_comment", "expected a string");
        }
        if (tree.get("_ignore") != null && !(tree.get("_ignore") instanceof List<?>)) {
            errors.put("_ignore", "expected an array");
        }
    }

    private void list(
            EntityKind kind,
            @Nullable Draft parent,
            @Nullable Object value,
            Map<EntityKind, List<Draft>> into,
            Map<String, Object> problems) {
        if (value == null) {
            return;
        }
        if (!(value instanceof List<?> elements)) {
            problems.put(kind.plural(), "expected an array");
            return;
        }
        List<Draft> drafts = new ArrayList<>(elements.size());
        for (Object element : elements) {
            drafts.add(draft(kind, parent, drafts.size(), element));
        }
        into.put(kind, drafts);
    }

    @SuppressWarnings("unchecked")
    private Draft draft(EntityKind kind, @Nullable Draft parent, int index, @Nullable Object element) {
        if (!(element instanceof Map<?, ?>)) {
            Draft broken = new Draft(kind, parent, index, Map.of());
            broken.verdict = "expected a record";
            return broken;
        }
        Map<String, @Nullable Object> own = new LinkedHashMap<>((Map<String, @Nullable Object>) element);
        Draft draft = new Draft(kind, parent, index, own);
        comments(own, draft.errors);
        for (EntityKind child : kind.children().keySet()) {
            list(child, draft, own.remove(child.plural()), draft.children, draft.errors);
        }
        return draft;
    }
}
