package io.sluice.node.config.document;

import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes a configuration as a document that gives the same configuration when it is read. Pure. */
public final class DeclarativeWriter {

    private DeclarativeWriter() {}

    /** Format 3.0 as YAML: flat, ids and defaults written out, passwords in stored form, references as ids. */
    public static String yaml(GatewayConfig config) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
        // Anchors would be written for any list or map that several entities share.
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(document(config));
    }

    /** The same as a tree of Map, List, String, Long, Double and Boolean. */
    public static Map<String, Object> document(GatewayConfig config) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("_format_version", "3.0");
        document.put("_transform", false);
        for (EntityKind kind : EntityKind.values()) {
            List<Object> entities = new ArrayList<>();
            for (Entity entity : kind.entities(config)) {
                entities.add(flat(kind, kind.encode(entity)));
            }
            if (!entities.isEmpty()) {
                document.put(kind.plural(), entities);
            }
        }
        return document;
    }

    /** Every entity with every field, by plural word and id, as the Admin API answers a new configuration. */
    public static Map<String, Object> byKindAndId(GatewayConfig config) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (EntityKind kind : EntityKind.values()) {
            Map<String, Object> entities = new LinkedHashMap<>();
            for (Entity entity : kind.entities(config)) {
                entities.put(entity.id().toString(), kind.encode(entity));
            }
            if (!entities.isEmpty()) {
                all.put(kind.plural(), entities);
            }
        }
        return all;
    }

    private static Map<String, Object> flat(EntityKind kind, Map<String, @Nullable Object> tree) {
        Map<String, EntityKind> foreign = kind.foreignFields();
        Map<String, Object> flat = new LinkedHashMap<>();
        tree.forEach((name, value) -> {
            boolean reference = foreign.containsKey(name) && value instanceof Map<?, ?>;
            Object shown = reference ? ((Map<?, ?>) value).get("id") : value;
            if (shown != null) {
                flat.put(name, withoutNulls(shown));
            }
        });
        boolean hashesNothing = kind == EntityKind.UPSTREAM
                && "consistent-hashing".equals(flat.get("algorithm"))
                && "none".equals(flat.get("hash_on"));
        if (hashesNothing) {
            // Written out, "none" would ask for round-robin.
            flat.remove("hash_on");
        }
        return flat;
    }

    private static Object withoutNulls(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((name, one) -> {
                if (one != null) {
                    copy.put(String.valueOf(name), withoutNulls(one));
                }
            });
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(one -> {
                if (one != null) {
                    copy.add(withoutNulls(one));
                }
            });
            return copy;
        }
        return value;
    }
}
