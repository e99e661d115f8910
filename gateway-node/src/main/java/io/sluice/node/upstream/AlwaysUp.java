package io.sluice.node.upstream;

import io.sluice.state.health.HealthChange;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.SharedHealth;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.TargetHealth;
import io.sluice.state.health.WatchedUpstream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Health that nobody looks after. */
enum AlwaysUp implements SharedHealth {
    INSTANCE;

    @Override
    public TargetHealth of(TargetAddress address) {
        return TargetHealth.always();
    }

    @Override
    public void watch(WatchedUpstream upstream) {}

    @Override
    public void forget(String upstream) {}

    @Override
    public CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public Runnable subscribe(Consumer<HealthChange> listener) {
        return () -> {};
    }

    @Override
    public CompletionStage<HealthReport> report() {
        return CompletableFuture.completedFuture(new HealthReport(List.of()));
    }
}
