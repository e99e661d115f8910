package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.KongPlugin;
import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.translate.draft.Context;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plugin's configuration: what the object has, what a secret has instead, or what secrets add to it. */
public final class PluginConfigs {

    /** Objects are the cluster's, so what they limit is limited for all pods together, unless they say otherwise. */
    private static final Set<String> COUNTING = Set.of("rate-limiting", "response-ratelimiting");

    private final Context context;

    public PluginConfigs(Context context) {
        this.context = context;
    }

    /** The configuration; empty, and told to the object, if a part of it cannot be had. */
    public Optional<Map<String, @Nullable Object>> of(KongPlugin plugin) {
        return given(plugin).map(config -> {
            if (COUNTING.contains(plugin.plugin())) {
                config.putIfAbsent("policy", "cluster");
            }
            return config;
        });
    }

    private Optional<Map<String, @Nullable Object>> given(KongPlugin plugin) {
        KongPlugin.SecretKey source = plugin.configFrom();
        if (source != null) {
            return text(plugin, source, "configFrom.secretKeyRef").flatMap(text -> whole(plugin, text));
        }
        Map<String, @Nullable Object> config = PlainTree.of(plugin.config());
        for (KongPlugin.Patch patch : plugin.patches()) {
            Optional<String> text = text(plugin, patch.value(), patch.place() + ".valueFrom.secretKeyRef");
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Optional<Object> value = context.rules().json(text.get());
            String fault = value.isEmpty()
                    ? "the secret's value is no JSON (expected: JSON, text in double quotes)"
                    : JsonPatch.add(config, patch.path(), value.get());
            if (!fault.isEmpty()) {
                context.findings().refuse(plugin.ref(), patch.place(), fault);
                return Optional.empty();
            }
        }
        return Optional.of(config);
    }

    private Optional<Map<String, @Nullable Object>> whole(KongPlugin plugin, String text) {
        Optional<Object> value =
                context.rules().json(text).or(() -> context.rules().yaml(text));
        if (value.isPresent() && value.get() instanceof Map<?, ?> map) {
            return Optional.of(PlainTree.of(map));
        }
        context.findings()
                .refuse(plugin.ref(), "configFrom", "the secret's value is no object (expected: one in JSON or YAML)");
        return Optional.empty();
    }

    private Optional<String> text(KongPlugin plugin, KongPlugin.SecretKey from, String place) {
        String namespace =
                plugin.ofCluster() ? from.namespace() : plugin.metadata().namespace();
        Optional<Secret> secret = context.objects().find(Secret.class, namespace, from.name());
        if (secret.isEmpty()) {
            String reason = Quote.of(from.name()) + " (expected: a secret of namespace " + namespace + ")";
            context.findings().refuse(plugin.ref(), place + ".name", reason);
            return Optional.empty();
        }
        String value = secret.get().values().get(from.key());
        if (value == null) {
            String reason = Quote.of(from.key()) + " (expected: a key of "
                    + secret.get().ref() + ")";
            context.findings().refuse(plugin.ref(), place + ".key", reason);
            return Optional.empty();
        }
        return Optional.of(value);
    }
}
