package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.KongPlugin;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Copies;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.plugin.PluginRelations.End;
import io.sluice.k8s.translate.plugin.PluginRelations.Place;
import io.sluice.k8s.translate.plugin.PluginRelations.Related;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * KongPlugin and KongClusterPlugin: one plugin for each combination of what refers to it, and those for everything. A plugin
 * that the gateway does not take is left out, and all who refer to it are told.
 */
public final class PluginTranslator {

    private static final String ANNOTATION = Context.annotation("konghq.com/plugins");
    private static final String GLOBAL = "global";

    /** Applied to upstreams elsewhere. */
    private static final String HEALTH_CHECK = "upstream-health-check";

    private final Context context;
    private final PluginConfigs configs;
    private final Map<ObjectRef, Optional<Draft>> templates = new HashMap<>();
    private final Map<PluginRef, List<Place>> places = new HashMap<>();

    public PluginTranslator(Context context) {
        this.context = context;
        this.configs = new PluginConfigs(context);
    }

    /** Puts the plugins on the blueprint. */
    public void translate() {
        Map<PluginRef, Related> related = new PluginRelations(context).collect();
        Map<PluginRef, KongPlugin> found = new TreeMap<>();
        related.forEach((ref, who) -> {
            Optional<KongPlugin> plugin = find(ref);
            plugin.ifPresentOrElse(one -> found.put(ref, one), () -> missing(ref, who));
        });
        // The oldest first, so that of two for the same place the older one is there already.
        List<PluginRef> order = new ArrayList<>(found.keySet());
        order.sort((one, other) -> Metadata.OLDEST_FIRST
                .thenComparing(Metadata::kind)
                .compare(metadata(found, one), metadata(found, other)));
        for (PluginRef ref : order) {
            KongPlugin plugin = found.get(ref);
            Related who = related.get(ref);
            if (plugin != null && who != null) {
                attached(ref, plugin, who);
            }
        }
        global();
        sort(context.blueprint().plugins());
    }

    /** Where the plugin of that name applies, for entities that belong to it; empty if nothing refers to it. */
    public List<Map<String, Object>> attachments(String namespace, String name) {
        List<Map<String, Object>> ends = new ArrayList<>();
        for (Place place : places.getOrDefault(new PluginRef(namespace, name), List.of())) {
            Map<String, Object> one = new LinkedHashMap<>();
            place.ends().forEach(end -> one.put(end.field(), end.reference()));
            ends.add(one);
        }
        return ends;
    }

    private static Metadata metadata(Map<PluginRef, KongPlugin> found, PluginRef ref) {
        KongPlugin plugin = found.get(ref);
        if (plugin == null) {
            throw new IllegalStateException("no plugin " + ref);
        }
        return plugin.metadata();
    }

    private static void sort(List<Draft> plugins) {
        Map<Draft, String> keys = new HashMap<>();
        plugins.forEach(plugin -> keys.put(plugin, sortKey(plugin)));
        plugins.sort(Comparator.comparing(keys::get, Comparator.nullsFirst(Comparator.naturalOrder())));
    }

    private static String sortKey(Draft plugin) {
        return plugin.source() + "\0" + plugin.get("service") + "\0" + plugin.get("route") + "\0"
                + plugin.get("consumer") + "\0" + plugin.get("consumer_group");
    }

    private Optional<KongPlugin> find(PluginRef ref) {
        return context.objects()
                .find(KongPlugin.class, ref.namespace(), ref.name())
                .or(() -> context.objects()
                        .find(KongPlugin.class, "", ref.name())
                        .filter(plugin -> !context.isOthers(plugin.metadata())));
    }

    private void missing(PluginRef ref, Related related) {
        String expected =
                " (expected: a KongPlugin of namespace " + ref.namespace() + " or a KongClusterPlugin of our class)";
        tell(related.all(), Quote.of(ref.name()) + expected);
    }

    private void tell(List<End> ends, String reason) {
        ends.forEach(end -> context.findings().partly(end.referrer(), ANNOTATION, reason));
    }

    private void attached(PluginRef ref, KongPlugin plugin, Related related) {
        if (plugin.plugin().equals(HEALTH_CHECK)) {
            List<End> wrong = new ArrayList<>(related.consumers());
            wrong.addAll(related.groups());
            tell(wrong, Quote.of(plugin.metadata().name()) + " checks upstreams (expected: a plugin for consumers)");
            return;
        }
        Optional<Draft> template = templates.computeIfAbsent(plugin.ref(), key -> template(plugin));
        List<Place> all = hasRoom(plugin, template, related) ? related.places() : List.of();
        places.put(ref, all);
        boolean sound = template.isPresent() && !all.isEmpty() && fits(plugin, template.get(), all);
        if (!sound) {
            String reason = Quote.of(plugin.metadata().name()) + " is not applied: " + plugin.ref() + " is refused";
            tell(related.all(), reason);
            return;
        }
        template.ifPresent(one -> all.forEach(place -> place(plugin, one, place)));
    }

    /** Whether there is room for it in all its places. */
    private boolean hasRoom(KongPlugin plugin, Optional<Draft> template, Related related) {
        Object fields = template.map(Draft::fields).orElse(Map.of());
        Optional<String> excess = context.copies().excess(plugin.ref(), Copies.size(fields), related.count());
        excess.ifPresent(reason -> context.findings().refuse(plugin.ref(), "config", reason));
        return excess.isEmpty();
    }

    /** The plugin without a place; empty if the gateway does not take it. */
    private Optional<Draft> template(KongPlugin plugin) {
        Optional<Map<String, @Nullable Object>> config = configs.of(plugin);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        Draft draft = new Draft(EntityKind.PLUGIN, plugin.ref())
                .set("name", plugin.plugin())
                .set("config", config.get());
        if (!plugin.instanceName().isEmpty()) {
            draft.set("instance_name", plugin.instanceName());
        }
        if (plugin.disabled()) {
            draft.set("enabled", false);
        }
        if (!plugin.protocols().isEmpty()) {
            draft.set("protocols", plugin.protocols());
        }
        if (!refuse(plugin, draft)) {
            return Optional.empty();
        }
        if (plugin.ordered()) {
            context.findings().partly(plugin.ref(), "ordering", "is not followed (expected: none, Kong's order holds)");
        }
        if (!plugin.runOn().isEmpty() && !plugin.runOn().equals("first")) {
            String reason = Quote.of(plugin.runOn()) + " has no meaning any more (expected: none)";
            context.findings().note(plugin.ref(), "run_on", reason);
        }
        draft.set("tags", context.tags(plugin.metadata()));
        return Optional.of(draft);
    }

    /** Whether the plugin may be scoped so; what it may be scoped to depends on the plugin. */
    private boolean fits(KongPlugin plugin, Draft template, List<Place> all) {
        Set<Set<String>> shapes = new HashSet<>();
        for (Place place : all) {
            Set<String> shape = new HashSet<>();
            Draft tried = copy(template);
            tried.remove("tags");
            place.ends().forEach(end -> {
                shape.add(end.field());
                tried.set(end.field(), Map.of("id", "00000000-0000-0000-0000-000000000000"));
            });
            if (shapes.add(shape) && !refuse(plugin, tried)) {
                return false;
            }
        }
        return true;
    }

    /** Tells what is wrong; what came out of a secret is not shown, nor any text, which may be one. */
    private boolean refuse(KongPlugin plugin, Draft draft) {
        List<Fault> faults = context.faults(draft);
        boolean open = plugin.configFrom() == null && plugin.patches().isEmpty();
        for (Fault fault : faults) {
            String field = fault.path().equals("name") ? "plugin" : fault.path();
            context.findings()
                    .refuse(
                            plugin.ref(),
                            field,
                            open ? fault.told(draft.fields(), false) : fault.hidden(draft.fields()));
        }
        return faults.isEmpty();
    }

    private void place(KongPlugin plugin, Draft template, Place place) {
        StringBuilder scope = new StringBuilder();
        StringBuilder hashed = new StringBuilder();
        Draft draft = copy(template);
        for (End end : place.ends()) {
            draft.set(end.field(), end.reference());
            scope.append(':').append(end.field()).append('/').append(end.name());
            String word = end.field().equals("consumer_group") ? "group" : end.field();
            hashed.append('_').append(word).append('-').append(end.name());
        }
        Optional<ObjectRef> owner =
                context.blueprint().claims().claim("plugins", plugin.plugin() + scope, plugin.ref());
        if (owner.isPresent()) {
            String reason = Quote.of(plugin.metadata().name()) + " is not applied: " + owner.get() + " is a "
                    + plugin.plugin() + " plugin for the same and is older (expected: one)";
            tell(place.ends(), reason);
            return;
        }
        draft.set("id", Context.id("plugins", plugin.plugin() + scope));
        if (!plugin.instanceName().isEmpty()) {
            instance(plugin, draft, plugin.instanceName() + "-" + InstanceHash.of(hashed.toString()));
        }
        context.findings().use(plugin.ref());
        context.blueprint().plugins().add(draft);
    }

    private void instance(KongPlugin plugin, Draft draft, String name) {
        draft.set("instance_name", name);
        Optional<ObjectRef> owner = context.blueprint().claims().claim("plugins.instance_name", name, plugin.ref());
        owner.ifPresent(one -> {
            draft.remove("instance_name");
            String reason = Quote.of(plugin.instanceName()) + " is left out: " + one + " has it (expected: another)";
            context.findings().partly(plugin.ref(), "instance_name", reason);
        });
    }

    /** Those labelled as global, unless two of them are for the same plugin: then neither is applied. */
    private void global() {
        Map<String, List<KongPlugin>> byPlugin = new TreeMap<>();
        for (KongPlugin plugin : context.objects().all(KongPlugin.class)) {
            boolean global = plugin.ofCluster()
                    && "true".equals(plugin.metadata().labels().get(GLOBAL))
                    && context.ours(plugin.metadata());
            if (global) {
                byPlugin.computeIfAbsent(plugin.plugin(), name -> new ArrayList<>())
                        .add(plugin);
            }
        }
        byPlugin.forEach((name, plugins) -> {
            if (plugins.size() > 1) {
                plugins.forEach(one -> context.findings()
                        .partly(
                                one.ref(),
                                "metadata.labels[" + GLOBAL + "]",
                                "there are " + plugins.size() + " global ones of plugin " + name
                                        + ": none of them is applied (expected: one)"));
            } else {
                global(plugins.get(0));
            }
        });
    }

    private void global(KongPlugin plugin) {
        if (plugin.plugin().equals(HEALTH_CHECK)) {
            String expected = " cannot be global (expected: a plugin that services or ingresses refer to)";
            context.findings().refuse(plugin.ref(), "plugin", Quote.of(HEALTH_CHECK) + expected);
            return;
        }
        Optional<Draft> template = templates.computeIfAbsent(plugin.ref(), ref -> template(plugin));
        template.ifPresent(one -> {
            Draft draft = copy(one).set("id", Context.id("plugins", plugin.plugin()));
            if (!plugin.instanceName().isEmpty()) {
                instance(plugin, draft, plugin.instanceName());
            }
            context.findings().use(plugin.ref());
            context.blueprint().plugins().add(draft);
        });
    }

    private static Draft copy(Draft template) {
        Draft copy = new Draft(template.kind(), template.source());
        copy.fields().putAll(template.fields());
        return copy;
    }
}
