package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Ingress;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A host and its paths to one service, out of one Ingress. Not thread-safe. */
public final class RouteDraft {

    private final Ingress ingress;
    private final Draft route;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Map<String, Integer> order = new HashMap<>();
    private final List<String> paths = new ArrayList<>();

    public RouteDraft(Ingress ingress) {
        this.ingress = ingress;
        this.route = new Draft(EntityKind.ROUTE, ingress.ref());
    }

    public Ingress ingress() {
        return ingress;
    }

    public Draft route() {
        return route;
    }

    /**
     * Adds a path, unless it is there already.
     *
     * @param place where in the Ingress it comes from
     * @param number of that place, counted through the Ingress
     */
    public void add(String path, String place, int number) {
        if (places.putIfAbsent(path, place) == null) {
            order.put(path, number);
            paths.add(path);
            if (paths.size() == 1) {
                route.set("paths", paths);
            }
        }
    }

    /** Takes paths away. */
    public void remove(Set<String> some) {
        places.keySet().removeAll(some);
        paths.removeAll(some);
    }

    /** The paths in their order. */
    public List<String> paths() {
        return Collections.unmodifiableList(paths);
    }

    /** The paths in their order, and where in the Ingress each comes from. */
    public Map<String, String> places() {
        return places;
    }

    /** The number of the place that a path comes from. */
    public int number(String path) {
        return order.getOrDefault(path, 0);
    }

    /** The hosts; empty for any. */
    @SuppressWarnings("unchecked")
    public List<String> hosts() {
        return route.get("hosts") instanceof List<?> hosts ? (List<String>) hosts : List.of();
    }
}
