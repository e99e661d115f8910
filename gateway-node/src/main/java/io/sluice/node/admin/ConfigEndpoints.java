package io.sluice.node.admin;

import io.sluice.node.admin.BodyReader.Body;
import io.sluice.node.admin.ConfigLoader.Document;
import io.sluice.node.admin.ConfigLoader.Outcome;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The whole configuration, out and in. */
final class ConfigEndpoints {

    private final Supplier<GatewayConfig> config;
    private final ConfigLoader loader;
    private final BodyReader bodies;

    ConfigEndpoints(Supplier<GatewayConfig> config, ConfigLoader loader, BodyReader bodies) {
        this.config = config;
        this.loader = loader;
        this.bodies = bodies;
    }

    void addTo(EndpointTable table) {
        table.get("/config", Handler.now(call -> Answer.ok(Map.of("config", yaml(config.get())))));
        table.add("POST", "/config", call -> bodies.read(call).thenCompose(body -> load(call, body)));
    }

    private CompletionStage<Answer> load(Call call, Body body) {
        if (body instanceof Body.Unreadable unreadable) {
            return unreadable.answer().now();
        }
        Document document = document(body);
        if (document == null) {
            return Answer.message(400, "expected a declarative configuration").now();
        }
        boolean flatten = call.isOn("flatten_errors");
        return loader.load(document, call.isOn("check_hash")).thenApply(outcome -> answer(outcome, flatten));
    }

    private static @Nullable Document document(Body body) {
        if (body instanceof Body.Plain plain) {
            return plain.text().isBlank() ? null : new Document.Text(plain.text());
        }
        Object tree = body instanceof Body.Form form ? form.fields() : ((Body.Tree) body).value();
        if (!(tree instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.get("config") instanceof String text) {
            return text.isBlank() ? null : new Document.Text(text);
        }
        if (body instanceof Body.Form || !map.containsKey("_format_version")) {
            return null;
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((name, value) -> named.put(String.valueOf(name), value));
        return new Document.Tree(named);
    }

    private Answer answer(Outcome outcome, boolean flatten) {
        if (outcome instanceof Outcome.Loaded loaded) {
            return Answer.of(201, byKind(loaded.config()));
        }
        if (outcome instanceof Outcome.Unchanged) {
            return Answer.empty(304);
        }
        if (outcome instanceof Outcome.Busy) {
            return Answer.message(429, "Currently loading previous configuration")
                    .with("Retry-After", "10");
        }
        Outcome.Rejected rejected = (Outcome.Rejected) outcome;
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("code", 14);
        body.put("name", "invalid declarative configuration");
        body.put("message", flatten ? "declarative config is invalid: {}" : rejected.message());
        body.put("fields", flatten ? Map.of() : rejected.fields());
        if (flatten) {
            body.put("flattened_errors", rejected.flattened());
        }
        return Answer.of(400, body);
    }

    /** Every entity by kind and id. */
    private Map<String, Object> byKind(GatewayConfig loaded) {
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (EntityKind kind : EntityKind.values()) {
            Map<String, Object> entities = new LinkedHashMap<>();
            kind.entities(loaded).forEach(entity -> entities.put(entity.id().toString(), kind.encode(entity)));
            if (!entities.isEmpty()) {
                kinds.put(kind.plural(), entities);
            }
        }
        return kinds;
    }

    /** A document that gives the same configuration again: flat, with every default, passwords as they are stored. */
    private String yaml(GatewayConfig shown) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("_format_version", "3.0");
        document.put("_transform", false);
        for (EntityKind kind : EntityKind.values()) {
            List<Object> entities = new ArrayList<>();
            kind.entities(shown).forEach(entity -> entities.add(flat(kind, kind.encode(entity))));
            if (!entities.isEmpty()) {
                document.put(kind.plural(), entities);
            }
        }
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(document);
    }

    /** Without unset fields, references as plain ids. */
    private static Map<String, Object> flat(EntityKind kind, Map<String, @Nullable Object> entity) {
        Map<String, Object> flat = new LinkedHashMap<>();
        entity.forEach((name, value) -> {
            boolean reference = kind.foreignFields().containsKey(name) && value instanceof Map<?, ?>;
            Object shown = reference ? ((Map<?, ?>) value).get("id") : value;
            if (shown != null) {
                flat.put(name, shown);
            }
        });
        return flat;
    }
}
