package io.sluice.state.health;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What decisions go by: the members, whether this node takes part, the time, and the addresses that it knows. One thread. */
final class HealthScope {

    final HealthTable table;
    final HealthEffects effects;
    private final LongSupplier agreedMillis;
    private final BooleanSupplier inContact;
    private final Map<TargetAddress, TargetState> states = new HashMap<>();
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
            state.owners = circle.owners(fresh);
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
