package io.sluice.state.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What decisions go by: the members, whether this node takes part, the time, and the addresses that it knows. One thread. */
final class HealthScope {

    /** Several times as long as until they are asked again. */
    private static final long STRANGE_MILLIS = 50_000;

    final HealthTable table;
    final HealthEffects effects;
    private final LongSupplier agreedMillis;
    private final BooleanSupplier inContact;
    private final Map<TargetAddress, TargetState> states = new HashMap<>();
    /** Nodes that do not watch an upstream, and until when that is believed, in agreed milliseconds. */
    private final Map<String, Map<Long, Long>> strangers = new HashMap<>();

    private Circle circle = new Circle(0, false, List.of());

    HealthScope(HealthTable table, HealthEffects effects, LongSupplier agreedMillis, BooleanSupplier inContact) {
        this.table = table;
        this.effects = effects;
        this.agreedMillis = agreedMillis;
        this.inContact = inContact;
    }

    /** Whether this node takes part in what the cluster decides. */
    boolean acts() {
        return circle.belongs() && inContact.getAsBoolean();
    }

    Circle circle() {
        return circle;
    }

    void circle(Circle next) {
        circle = next;
    }

    /** Who looks after an address: nodes that are known not to know its upstream do not. */
    Owners owners(TargetAddress address) {
        Map<Long, Long> not = strangers.get(address.upstream());
        return not == null
                ? circle.owners(address)
                : circle.without(not.keySet()).owners(address);
    }

    /** A node has said that it does not watch an upstream; whether that is news. */
    boolean stranger(String upstream, long node) {
        return strangers.computeIfAbsent(upstream, first -> new HashMap<>()).put(node, now() + STRANGE_MILLIS) == null;
    }

    /** It does watch it; whether that is news. */
    boolean noStranger(String upstream, long node) {
        Map<Long, Long> nodes = strangers.get(upstream);
        return nodes != null && nodes.remove(node) != null;
    }

    /** Nodes that are left out, who are to be asked again. */
    Set<Long> strangers(String upstream) {
        return strangers.getOrDefault(upstream, Map.of()).keySet();
    }

    /** Forgets who has not said so lately; gives the upstreams that have other owners now. */
    List<String> endStrangers() {
        long now = now();
        List<String> changed = new ArrayList<>();
        strangers.forEach((upstream, nodes) -> {
            if (nodes.values().removeIf(until -> until < now)) {
                changed.add(upstream);
            }
        });
        strangers.values().removeIf(Map::isEmpty);
        return changed;
    }

    long self() {
        return circle.self();
    }

    long now() {
        return agreedMillis.getAsLong();
    }

    Collection<TargetState> states() {
        return states.values();
    }

    /** What is remembered of an address, begun if there is nothing. */
    TargetState state(TargetAddress address) {
        return states.computeIfAbsent(address, fresh -> {
            TargetState state = new TargetState(table.cell(fresh));
            state.owners = owners(fresh);
            state.watchedAt = now();
            return state;
        });
    }

    Optional<TargetState> known(TargetAddress address) {
        return Optional.ofNullable(states.get(address));
    }

    void drop(TargetState state) {
        states.remove(state.address());
        table.drop(state.address());
    }

    boolean owns(TargetState state) {
        return state.owners.owner() == circle.self();
    }

    Optional<WatchedUpstream> upstream(TargetState state) {
        return table.upstream(state.address().upstream());
    }
}
