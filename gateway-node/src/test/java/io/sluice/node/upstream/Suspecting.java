package io.sluice.node.upstream;

import io.sluice.state.health.Failure;
import io.sluice.state.health.HealthChange;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.SharedHealth;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.TargetHealth;
import io.sluice.state.health.WatchedUpstream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Health that holds everything to be up, and suspects some addresses for ever. */
record Suspecting(List<String> suspects) implements SharedHealth {

    @Override
    public TargetHealth of(TargetAddress address) {
        return new TargetHealth() {
            @Override
            public boolean usable() {
                return true;
            }

            @Override
            public boolean suspect(long now) {
                return suspects.contains(address.ip());
            }

            @Override
            public void responded(int status) {}

            @Override
            public void failed(Failure failure) {}
        };
    }

    @Override
    public void watch(WatchedUpstream upstream) {}

    @Override
    public void forget(String upstream) {}

    @Override
    public CompletionStage<Boolean> mark(String upstream, String target, Optional<String> endpoint, boolean healthy) {
        return AlwaysUp.INSTANCE.mark(upstream, target, endpoint, healthy);
    }

    @Override
    public Runnable subscribe(Consumer<HealthChange> listener) {
        return () -> {};
    }

    @Override
    public CompletionStage<HealthReport> report() {
        return AlwaysUp.INSTANCE.report();
    }
}
