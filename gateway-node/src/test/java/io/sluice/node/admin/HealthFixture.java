package io.sluice.node.admin;

import io.sluice.state.health.Failure;
import io.sluice.state.health.HealthChange;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.SharedHealth;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.TargetHealth;
import io.sluice.state.health.WatchedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Health that is what a test says. */
final class HealthFixture implements SharedHealth {

    /** What was said by hand, in order. */
    final List<String> marks = new CopyOnWriteArrayList<>();
    /** What the nodes think. */
    volatile HealthReport report = new HealthReport(List.of());

    private final Map<String, WatchedUpstream> watched = new ConcurrentHashMap<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final List<Consumer<HealthChange>> listeners = new ArrayList<>();

    /** This {@code ip:port} is down from now on. */
    void down(String endpoint) {
        down.add(endpoint);
    }

    @Override
    public TargetHealth of(TargetAddress address) {
        return new TargetHealth() {
            @Override
            public boolean usable() {
                return !down.contains(address.endpoint());
            }

            @Override
            public void responded(int status) {}

            @Override
            public void failed(Failure failure) {}
        };
    }

    @Override
    public void watch(WatchedUpstream upstream) {
        watched.put(upstream.name(), upstream);
    }

    @Override
    public void forget(String upstream) {
        watched.remove(upstream);
    }

    @Override
    public CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy) {
        boolean known = watched.containsKey(upstream)
                && watched.get(upstream).addresses().stream()
                        .anyMatch(address -> address.target().equals(target)
                                && endpoint.map(address.endpoint()::equals).orElse(true));
        if (known) {
            marks.add(target + " " + endpoint.orElse("all") + " " + healthy);
        }
        return CompletableFuture.completedFuture(known);
    }

    @Override
    public Runnable subscribe(Consumer<HealthChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<HealthReport> report() {
        return CompletableFuture.completedFuture(report);
    }
}
