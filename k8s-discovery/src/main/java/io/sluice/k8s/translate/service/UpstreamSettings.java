package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.KongIngress;
import io.sluice.k8s.api.KongPlugin;
import io.sluice.k8s.api.KongUpstreamPolicy;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Service;
import io.sluice.k8s.translate.annotation.Annotations;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Draft.Origin;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.k8s.translate.plugin.PluginConfigs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shapes an upstream: a KongIngress, then the health checks of an {@code upstream-health-check} plugin, then a
 * KongUpstreamPolicy, then the service's annotations; what comes later wins. An object that the gateway does not take is
 * refused as a whole.
 */
final class UpstreamSettings {

    private static final String OVERRIDE = "konghq.com/override";
    private static final String POLICY = "konghq.com/upstream-policy";
    private static final String WEIGHTED = "weighted-round-robin";
    private static final List<String> PROXY =
            List.of("protocol", "path", "connect_timeout", "read_timeout", "write_timeout", "retries");

    private final Context context;
    private final Attachments attachments;
    private final PluginConfigs configs;

    UpstreamSettings(Context context) {
        this.context = context;
        this.attachments = new Attachments(context);
        this.configs = new PluginConfigs(context);
    }

    /** Finds out what nobody refers to; to be called once, before the services. */
    void prepare() {
        attachments.prepare();
    }

    /** A KongIngress's settings for the service itself. */
    void service(ServiceDraft draft) {
        Optional<KongIngress> found = kongIngress(draft);
        if (found.isEmpty()) {
            return;
        }
        ObjectRef ref = found.get().ref();
        found.get().proxy().forEach((field, value) -> {
            String place = "proxy." + field;
            if (value != null && PROXY.contains(field)) {
                String fault = Context.fault(draft.service().kind(), field, value);
                if (fault.isEmpty()) {
                    draft.service().set(field, value, new Origin(ref, place));
                    context.findings().use(ref);
                } else {
                    context.findings().partly(ref, place, Quote.of(value) + " (" + fault + ")");
                }
            } else if (value != null) {
                String expected = " is not taken over (expected: one of " + String.join(", ", PROXY) + ")";
                context.findings().partly(ref, place, Quote.of(value) + expected);
            }
        });
    }

    /** Everything for the upstream. */
    void upstream(ServiceDraft draft, Service object) {
        kongIngress(draft).ifPresent(one -> {
            if (!one.upstream().isEmpty()) {
                overlay(draft.upstream(), one.ref(), "upstream", settings(one), true);
            }
        });
        attachments.healthCheck(draft).ifPresent(plugin -> healthCheck(draft.upstream(), plugin));
        policy(draft, object);
        Annotations.upstream(object.metadata(), draft.upstream(), context.findings());
    }

    private Optional<KongIngress> kongIngress(ServiceDraft draft) {
        String name = draft.object()
                .map(object -> object.metadata().annotation(OVERRIDE))
                .orElse("");
        if (name.isEmpty()) {
            return attachments.kongIngress(draft);
        }
        Optional<KongIngress> found = context.objects().find(KongIngress.class, draft.namespace(), name);
        if (found.isEmpty()) {
            missing(draft, OVERRIDE, name, "KongIngress");
        }
        return found;
    }

    private Map<String, @Nullable Object> settings(KongIngress object) {
        Map<String, @Nullable Object> settings = new LinkedHashMap<>(object.upstream());
        if (WEIGHTED.equals(settings.get("algorithm"))) {
            settings.put("algorithm", "round-robin");
            String reason = "'" + WEIGHTED + "' is taken as round-robin, which goes by the targets' weights";
            context.findings().note(object.ref(), "upstream.algorithm", reason);
        }
        return settings;
    }

    private void healthCheck(Draft upstream, KongPlugin plugin) {
        Optional<Map<String, @Nullable Object>> config = configs.of(plugin);
        boolean open = plugin.configFrom() == null && plugin.patches().isEmpty();
        if (config.isPresent() && overlay(upstream, plugin.ref(), "", Map.of("healthchecks", config.get()), open)) {
            String reason = "'" + Attachments.HEALTH_CHECK + "' is no plugin of Kong's: its config is used as the "
                    + "healthchecks of the upstreams it is attached to (KongUpstreamPolicy is the usual way)";
            context.findings().note(plugin.ref(), "plugin", reason);
        }
    }

    private void policy(ServiceDraft draft, Service object) {
        String name = object.metadata().annotation(POLICY).strip();
        if (name.isEmpty()) {
            return;
        }
        Optional<KongUpstreamPolicy> found = context.objects().find(KongUpstreamPolicy.class, draft.namespace(), name);
        if (found.isEmpty()) {
            missing(draft, POLICY, name, "KongUpstreamPolicy");
            return;
        }
        PolicyWords words = PolicyWords.of(found.get().spec());
        words.unknown()
                .forEach(
                        (field, reason) -> context.findings().refuse(found.get().ref(), "spec." + field, reason));
        if (words.unknown().isEmpty()) {
            overlay(draft.upstream(), found.get().ref(), "spec", words.settings(), true);
        }
    }

    /**
     * Puts the fields of an object over the upstream, if the gateway takes them all.
     *
     * @param open whether values may be shown: they are the object's own
     */
    private boolean overlay(
            Draft upstream, ObjectRef object, String prefix, Map<String, @Nullable Object> settings, boolean open) {
        Optional<String> excess = context.copies().excess(object, Copies.size(settings), 1);
        if (excess.isPresent()) {
            context.findings().refuse(object, prefix, excess.get());
            return false;
        }
        Draft tried = new Draft(upstream.kind(), upstream.source());
        tried.fields().putAll(upstream.fields());
        tried.fields().putAll(settings);
        List<Fault> faults = context.faults(tried);
        for (Fault fault : faults) {
            String field = prefix.equals("spec") ? PolicyWords.camel(fault.path()) : fault.path();
            if (prefix.isEmpty()) {
                field = field.replace("healthchecks", "config");
            }
            String path = prefix.isEmpty() || field.isEmpty() ? prefix + field : prefix + "." + field;
            String reason = open ? fault.told(tried.fields(), true) : fault.hidden(tried.fields());
            context.findings().refuse(object, path, reason);
        }
        if (faults.isEmpty() && !context.findings().refused(object)) {
            settings.forEach((field, value) -> {
                if (value != null) {
                    upstream.set(field, value);
                }
            });
            context.findings().use(object);
            return true;
        }
        return false;
    }

    private void missing(ServiceDraft draft, String key, String name, String kind) {
        String reason = Quote.of(name) + " (expected: a " + kind + " of namespace " + draft.namespace() + ")";
        context.findings().partly(draft.service().source(), Context.annotation(key), reason);
    }
}
