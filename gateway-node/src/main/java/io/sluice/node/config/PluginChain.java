package io.sluice.node.config;

import io.sluice.node.plugin.Phase;
import io.sluice.state.model.Consumer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a route in their order: one place per plugin name, at which the most specific configuration applies. Which
 * one that is may depend on the consumer, so a place is asked when its turn comes. Immutable.
 */
public final class PluginChain {

    /** The chain of a request that nothing is configured for. */
    static final PluginChain EMPTY = new PluginChain(List.of());

    private final Place[] places;
    private final boolean rewrites;

    private PluginChain(List<Place> places) {
        this.places = places.toArray(Place[]::new);
        this.rewrites =
                places.stream().anyMatch(place -> place.candidates.get(0).in(Phase.REWRITE));
    }

    /** The chain made of every configuration that can apply to a request, in any order. */
    static PluginChain of(List<BoundPlugin> applicable) {
        Map<String, List<BoundPlugin>> byName = new HashMap<>();
        for (BoundPlugin plugin : applicable) {
            byName.computeIfAbsent(plugin.name(), name -> new ArrayList<>()).add(plugin);
        }
        List<Place> places = new ArrayList<>();
        byName.values().forEach(candidates -> places.add(new Place(candidates)));
        places.sort(Comparator.comparingInt(
                        (Place place) -> -place.candidates.get(0).priority())
                .thenComparing(place -> place.candidates.get(0).name()));
        return places.isEmpty() ? EMPTY : new PluginChain(places);
    }

    /** How many places there are. */
    public int length() {
        return places.length;
    }

    /** Whether any plugin takes part in the rewrite phase. */
    public boolean rewrites() {
        return rewrites;
    }

    /** The configuration that applies at a place for the consumer (null if none is known); null if none applies. */
    public @Nullable BoundPlugin at(int place, @Nullable Consumer consumer) {
        return places[place].select(consumer);
    }

    /** All configurations of one plugin name that can apply. */
    private static final class Place {
        private final List<BoundPlugin> candidates;
        private final @Nullable BoundPlugin plain;
        private final boolean scoped;
        private final Map<UUID, BoundPlugin> byConsumer = new HashMap<>();

        Place(List<BoundPlugin> candidates) {
            this.candidates = candidates.stream()
                    .sorted(Comparator.comparingInt(Place::rank))
                    .toList();
            BoundPlugin first = null;
            boolean any = false;
            for (BoundPlugin one : this.candidates) {
                UUID consumer = one.config().consumer();
                boolean free = consumer == null && one.config().consumerGroup() == null;
                any |= !free;
                first = first == null && free ? one : first;
                if (consumer != null) {
                    byConsumer.putIfAbsent(consumer, one);
                }
            }
            plain = first;
            scoped = any;
        }

        @Nullable
        BoundPlugin select(@Nullable Consumer consumer) {
            if (!scoped || consumer == null) {
                return plain;
            }
            BoundPlugin best = byConsumer.get(consumer.id());
            best = best == null || plain != null && rank(plain) < rank(best) ? plain : best;
            for (UUID group : consumer.groups()) {
                for (BoundPlugin one : candidates) {
                    boolean applies = group.equals(one.config().consumerGroup());
                    if (applies && (best == null || rank(one) < rank(best))) {
                        best = one;
                    }
                }
            }
            return best;
        }

        /** Kong's order of scopes, the most specific first. */
        private static int rank(BoundPlugin plugin) {
            boolean route = plugin.config().route() != null;
            boolean service = plugin.config().service() != null;
            int place = route && service ? 0 : route ? 1 : service ? 2 : 3;
            if (plugin.config().consumer() != null) {
                return place < 3 ? place : 7;
            }
            if (plugin.config().consumerGroup() != null) {
                return place < 3 ? 3 + place : 8;
            }
            return switch (place) {
                case 0 -> 6;
                case 1 -> 9;
                case 2 -> 10;
                default -> 11;
            };
        }
    }
}
