package io.sluice.node.observe;

import io.sluice.node.plugin.LimitTally;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What the limiting plugins decided, by configuration; never by whom they count, which is unbounded. Thread-safe. */
final class LimitTallies {

    private final ConcurrentHashMap<UUID, Labelled> byPlugin = new ConcurrentHashMap<>();

    private record Labelled(String plugin, UUID id, LimitTally tally) {

        String labels() {
            return MetricsText.labels("plugin", plugin, "id", id.toString());
        }
    }

    LimitTally of(PluginConfig plugin) {
        return byPlugin.computeIfAbsent(plugin.id(), id -> new Labelled(plugin.name(), id, new LimitTally()))
                .tally();
    }

    /** Ends the series of configurations that are gone. */
    void keepOnly(GatewayConfig config) {
        Set<UUID> kept = config.plugins().stream().map(PluginConfig::id).collect(Collectors.toSet());
        byPlugin.keySet().retainAll(kept);
    }

    /** Nothing if nothing limits. */
    void write(MetricsText text) {
        List<Labelled> all = byPlugin.values().stream()
                .sorted(Comparator.comparing(Labelled::plugin).thenComparing(Labelled::id))
                .toList();
        if (all.isEmpty()) {
            return;
        }
        family(text, all, "admitted", "Requests that a limit let pass", LimitTally::admitted);
        family(text, all, "denied", "Requests that a limit refused", LimitTally::denied);
        family(text, all, "parked", "Requests that waited for another node's answer", LimitTally::parked);
        family(
                text,
                all,
                "dry_run_denied",
                "Requests that a limit would have refused but for its dry run",
                LimitTally::dryRunDenied);
    }

    private static void family(
            MetricsText text, List<Labelled> all, String what, String help, ToLongFunction<LimitTally> count) {
        String name = "sluice_rate_limiting_" + what + "_total";
        text.family(name, "counter", help);
        all.forEach(one -> text.sample(name, one.labels(), count.applyAsLong(one.tally())));
    }
}
