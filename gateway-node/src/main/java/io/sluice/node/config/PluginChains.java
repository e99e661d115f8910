package io.sluice.node.config;

import io.sluice.state.model.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plugin chain of every route of a revision. Routes without configurations of their own share their service's. */
final class PluginChains {

    private final List<BoundPlugin> everywhere = new ArrayList<>();
    private final Map<UUID, List<BoundPlugin>> ofService = new HashMap<>();
    private final Map<UUID, List<BoundPlugin>> ofRoute = new HashMap<>();
    private final Map<UUID, PluginChain> serviceChains = new HashMap<>();
    private final PluginChain global;

    PluginChains(List<BoundPlugin> plugins) {
        for (BoundPlugin plugin : plugins) {
            UUID route = plugin.config().route();
            UUID service = plugin.config().service();
            if (route != null) {
                ofRoute.computeIfAbsent(route, key -> new ArrayList<>()).add(plugin);
            } else if (service != null) {
                ofService.computeIfAbsent(service, key -> new ArrayList<>()).add(plugin);
            } else {
                everywhere.add(plugin);
            }
        }
        global = PluginChain.of(everywhere);
    }

    /** The chain of requests that match no route, and of the rewrite phase. */
    PluginChain global() {
        return global;
    }

    /** The chains of these routes, by position. */
    PluginChain[] of(List<Route> routes) {
        PluginChain[] chains = new PluginChain[routes.size()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = of(routes.get(i));
        }
        return chains;
    }

    private PluginChain of(Route route) {
        List<BoundPlugin> own = ofRoute.getOrDefault(route.id(), List.of());
        if (own.isEmpty()) {
            return service(route.service());
        }
        List<BoundPlugin> applicable = new ArrayList<>(everywhere);
        applicable.addAll(ofService.getOrDefault(orZero(route.service()), List.of()));
        for (BoundPlugin plugin : own) {
            UUID service = plugin.config().service();
            if (service == null || service.equals(route.service())) {
                applicable.add(plugin);
            }
        }
        return PluginChain.of(applicable);
    }

    private PluginChain service(@Nullable UUID service) {
        if (service == null || !ofService.containsKey(service)) {
            return global;
        }
        return serviceChains.computeIfAbsent(service, key -> {
            List<BoundPlugin> applicable = new ArrayList<>(everywhere);
            applicable.addAll(ofService.getOrDefault(key, List.of()));
            return PluginChain.of(applicable);
        });
    }

    private static UUID orZero(@Nullable UUID id) {
        return id == null ? new UUID(0, 0) : id;
    }
}
