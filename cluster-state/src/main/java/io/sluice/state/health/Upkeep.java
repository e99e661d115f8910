package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Active;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be done from time to time: saying again what may not have been heard, confirming what is still down, forgetting, and
 * who probes what. One thread.
 */
final class Upkeep {

    /** How long a verdict holds that nobody confirms, and how long the cell of a target is kept for requests that still have it. */
    private static final long KEPT_MILLIS = SharedHealth.KEPT_SECONDS * 1_000L;

    /** How often nodes say which addresses they use; an owner probes those that only others resolve to for four times as long. */
    private static final long INTEREST_MILLIS = 15_000;

    private static final long CONFIRM_MILLIS = 60_000;

    /** How often a node tries what only it holds to be down, if the upstream says nothing about that. */
    private static final Duration OWN_INTERVAL = Duration.ofSeconds(5);

    private final HealthScope scope;
    private final HealthTable table;
    private final HealthDecisions decisions;
    private final Marks marks;
    private final HealthEffects effects;
    /** Whom this node has told that it does not watch an upstream. */
    private final Map<String, Set<Long>> leftTo = new HashMap<>();

    private boolean acted;
    private long actsSince;
    private long interestAt;
    private long forgotAt;

    Upkeep(HealthScope scope, HealthDecisions decisions, Marks marks) {
        this.marks = marks;
        this.scope = scope;
        this.table = scope.table;
        this.decisions = decisions;
        this.effects = scope.effects;
    }

    /** An upstream is watched, in this form. */
    void watch(WatchedUpstream upstream) {
        long now = scope.now();
        Set<TargetAddress> addresses = new HashSet<>(upstream.addresses());
        for (TargetAddress address : addresses) {
            TargetState state = scope.state(address);
            if (!state.watched) {
                state.watched = true;
                effects.tellSoon(state);
            }
        }
        for (TargetState state : scope.states()) {
            if (state.watched
                    && state.address().upstream().equals(upstream.name())
                    && !addresses.contains(state.address())) {
                state.watched = false;
                state.watchedAt = now;
            }
        }
        takeBack(upstream);
        effects.reassign(upstream.name());
    }

    /** It is not any more. */
    void forget(String upstream) {
        long now = scope.now();
        for (TargetState state : scope.states()) {
            if (state.address().upstream().equals(upstream)) {
                state.watched = false;
                state.watchedAt = now;
                state.wantedUntil = 0;
            }
        }
        effects.reassign(upstream);
    }

    /**
     * Another node tells of addresses, so it watches their upstreams. Where this one does not, be it yet or any more, it says so:
     * somebody else is to look after them.
     */
    void told(HealthMessage.Seen seen) {
        long node = seen.sender();
        seen.notices().stream()
                .map(notice -> notice.address().upstream())
                .distinct()
                .forEach(upstream -> {
                    decisions.noStranger(upstream, node);
                    if (table.upstream(upstream).isEmpty()) {
                        leftTo.computeIfAbsent(upstream, first -> new HashSet<>())
                                .add(node);
                        effects.send(node, new HealthMessage.Unwatched(0, upstream));
                    }
                });
    }

    private void takeBack(WatchedUpstream upstream) {
        Set<Long> nodes = leftTo.remove(upstream.name());
        if (nodes != null && !upstream.addresses().isEmpty()) {
            nodes.forEach(node -> effects.send(node, watching(upstream)));
        }
    }

    private static HealthMessage watching(WatchedUpstream upstream) {
        TargetAddress any = upstream.addresses().get(0);
        return new HealthMessage.Seen(0, List.of(new HealthMessage.Notice(any, Evidence.NONE)));
    }

    /** Another node uses an address that this one owns. */
    void wanted(TargetState state) {
        long now = scope.now();
        boolean news = state.wantedUntil < now && !state.watched;
        state.wantedUntil = now + 4 * INTEREST_MILLIS;
        if (news) {
            effects.reassign(state.address().upstream());
        }
    }

    /** Whether this node has just come into contact with the others; to be called about once a second, as {@link #second}. */
    boolean contact() {
        boolean acts = scope.acts();
        boolean changed = acts != acted;
        acted = acts;
        if (changed) {
            actsSince = scope.now();
            decisions.contactChanged();
        }
        return changed && acts;
    }

    void second() {
        long now = scope.now();
        boolean tellAll = now - interestAt >= INTEREST_MILLIS;
        if (tellAll) {
            interestAt = now;
            table.upstreams().forEach(upstream -> effects.reassign(upstream.name()));
            if (scope.acts()) {
                askStrangers();
            }
        }
        table.cells().forEach(cell -> scope.state(cell.address()));
        for (TargetState state : List.copyOf(scope.states())) {
            if (scope.acts()) {
                tell(state, tellAll);
                confirm(state, now);
                if (now - actsSince >= Marks.HEARING_TIME.toMillis()) {
                    marks.tell(state);
                }
            }
            tryAgain(state, now);
            leave(state, now);
        }
        forget(now);
    }

    /** Nodes that did not watch an upstream look after its addresses again unless they say once more that they do not. */
    private void askStrangers() {
        scope.endStrangers().forEach(decisions::reown);
        for (WatchedUpstream upstream : table.upstreams()) {
            if (!upstream.addresses().isEmpty()) {
                scope.strangers(upstream.name()).forEach(node -> effects.send(node, watching(upstream)));
            }
        }
    }

    private void tell(TargetState state, boolean tellAll) {
        boolean owns = scope.owns(state);
        if (!state.settled && state.cell.evidence().hasFailures()) {
            decisions.look(state);
        } else if (tellAll && state.watched && !owns) {
            effects.tellSoon(state);
        }
    }

    /** What is no target any more is forgotten: whoever has its address next begins anew. */
    private void leave(TargetState state, long now) {
        if (state.watched || state.wantedUntil >= now) {
            return;
        }
        long gone = now - state.watchedAt;
        if (gone > KEPT_MILLIS) {
            decisions.drop(state);
        } else if (gone > SharedHealth.GRACE_SECONDS * 1_000L) {
            decisions.forget(state);
        }
    }

    private void tryAgain(TargetState state, long now) {
        boolean blind = table.upstream(state.address().upstream())
                .map(upstream -> !upstream.checks().active().isOn())
                .orElse(false);
        if (blind && state.cell.own() == OwnOpinion.DOWN && state.trial.isDue(now)) {
            decisions.tryAgain(state);
        }
    }

    private void confirm(TargetState state, long now) {
        boolean used = state.watched || state.wantedUntil > now;
        boolean checked = table.upstream(state.address().upstream())
                .map(upstream -> !upstream.checks().isOff())
                .orElse(false);
        if (used && checked && scope.owns(state)) {
            table.verdict(state.address())
                    .filter(verdict -> !verdict.up() && now - verdict.version() >= CONFIRM_MILLIS)
                    .ifPresent(decisions.rulings()::confirmDown);
        }
    }

    private void forget(long now) {
        long horizon = now - KEPT_MILLIS;
        for (Verdict verdict : List.copyOf(table.verdicts())) {
            if (verdict.version() < horizon) {
                decisions.rulings().expire(verdict);
            }
        }
        if (now - forgotAt >= CONFIRM_MILLIS) {
            forgotAt = now;
            effects.forget(horizon);
        }
    }

    /** What this node has to probe of an upstream: what it owns, what it alone holds to be down, and everything if it is cut off. */
    Map<TargetAddress, Assignment> assignments(WatchedUpstream upstream) {
        long now = scope.now();
        Active active = upstream.checks().active();
        Map<TargetAddress, Assignment> assignments = new HashMap<>();
        for (TargetState state : scope.states()) {
            if (state.address().upstream().equals(upstream.name()) && (state.watched || state.wantedUntil > now)) {
                Assignment assignment = assignment(state, active);
                if (!assignment.interval().isZero()) {
                    assignments.put(state.address(), assignment);
                }
            }
        }
        return assignments;
    }

    private Assignment assignment(TargetState state, Active active) {
        Duration whenDown = active.unhealthy().interval();
        if (state.cell.own() == OwnOpinion.DOWN) {
            return new Assignment(
                    whenDown.isZero() ? OWN_INTERVAL : whenDown,
                    active.isOn() ? active : active.connecting(Doubts.CONNECT_TIME));
        }
        if (scope.acts() && !scope.owns(state)) {
            return new Assignment(Duration.ZERO, active);
        }
        return new Assignment(state.cell.usable() ? active.healthy().interval() : whenDown, active);
    }
}
