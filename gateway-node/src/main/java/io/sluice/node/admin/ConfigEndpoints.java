package io.sluice.node.admin;

import io.sluice.node.admin.BodyReader.Body;
import io.sluice.node.config.Candidate;
import io.sluice.node.config.Outcome;
import io.sluice.node.config.document.DeclarativeWriter;
import io.sluice.node.config.document.TextFormat;
import io.sluice.state.model.GatewayConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        table.get("/config", Handler.now(call -> Answer.ok(Map.of("config", DeclarativeWriter.yaml(config.get())))));
        table.add("POST", "/config", call -> bodies.read(call).thenCompose(body -> load(call, body)));
    }

    private CompletionStage<Answer> load(Call call, Body body) {
        if (body instanceof Body.Unreadable unreadable) {
            return unreadable.answer().now();
        }
        Candidate candidate = candidate(body);
        if (candidate == null) {
            return Answer.message(400, "expected a declarative configuration").now();
        }
        boolean flatten = call.isOn("flatten_errors");
        return loader.load(candidate, call.isOn("check_hash")).thenApply(outcome -> answer(outcome, flatten));
    }

    private static @Nullable Candidate candidate(Body body) {
        if (body instanceof Body.Plain plain) {
            return text(plain.text());
        }
        Object tree = body instanceof Body.Form form ? form.fields() : ((Body.Tree) body).value();
        if (!(tree instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.get("config") instanceof String text) {
            return text(text);
        }
        if (body instanceof Body.Form || !map.containsKey("_format_version")) {
            return null;
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((name, value) -> named.put(String.valueOf(name), value));
        return new Candidate.Tree(named);
    }

    private static @Nullable Candidate text(String text) {
        return text.isBlank() ? null : new Candidate.Text(text, TextFormat.ANY);
    }

    private static Answer answer(Outcome outcome, boolean flatten) {
        if (outcome instanceof Outcome.Live live) {
            return Answer.of(201, DeclarativeWriter.byKindAndId(live.declared()));
        }
        if (outcome instanceof Outcome.Refused refused) {
            return Answer.of(400, refused.errors().body(flatten));
        }
        if (outcome instanceof Outcome.Busy) {
            return Answer.message(429, "Currently loading previous configuration")
                    .with("Retry-After", "10");
        }
        return Answer.empty(304);
    }
}
