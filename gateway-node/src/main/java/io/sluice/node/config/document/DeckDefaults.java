package io.sluice.node.config.document;

import io.sluice.state.model.kind.EntityKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What deck lets a document say once for many entities: defaults by kind, and settings that plugins share by name. */
final class DeckDefaults {

    private static final String SHARED = "_config";

    private DeckDefaults() {}

    /** Fills in what the entity leaves out; what it says itself wins. */
    static void apply(Draft draft, Map<String, @Nullable Object> input, DraftReader document) {
        Map<?, ?> defaults = document.defaults.get(draft.kind.singular());
        if (defaults != null) {
            defaults.forEach((name, value) -> input.putIfAbsent(String.valueOf(name), value));
        }
        if (draft.kind != EntityKind.PLUGIN || !input.containsKey(SHARED)) {
            return;
        }
        Object name = input.remove(SHARED);
        Map<?, ?> shared = document.pluginConfigs.get(String.valueOf(name));
        if (shared == null) {
            draft.errors.put(SHARED, "no such entry in '_plugin_configs': " + name);
            return;
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        shared.forEach((key, value) -> config.put(String.valueOf(key), value));
        if (input.get("config") instanceof Map<?, ?> own) {
            own.forEach((key, value) -> config.put(String.valueOf(key), value));
        }
        input.put("config", config);
    }
}
