package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Ingress;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A host and its paths to one service, out of one Ingress. Not thread-safe. */
public final class RouteDraft {

    private final Ingress ingress;
    private final Draft route;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Map<String, Integer> order = new HashMap<>();

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
        places.putIfAbsent(path, place);
        order.putIfAbsent(path, number);
        paths(new ArrayList<>(places.keySet()));
    }

    /** Takes a path away. */
    public void remove(String path) {
        places.remove(path);
        paths(new ArrayList<>(places.keySet()));
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

    private void paths(List<String> paths) {
        route.set("paths", paths);
    }
}
