package io.sluice.node.observe;

import io.sluice.node.guard.CircuitBreaker;
import io.sluice.node.guard.Hedges;
import io.sluice.node.guard.OutlierEjection;
import io.sluice.node.guard.RetryBudget;
import io.sluice.node.guard.UpstreamGuard;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the guards of upstreams have done, as metrics. */
final class GuardsText {

    private final List<UpstreamGuard> guards;
    private final MetricsText text;
    private final long now;

    private GuardsText(List<UpstreamGuard> guards, MetricsText text, long now) {
        this.guards = guards;
        this.text = text;
        this.now = now;
    }

    /**
     * Writes the families of which there is something.
     *
     * @param now as {@link System#nanoTime}
     */
    static void write(List<UpstreamGuard> guards, MetricsText text, long now) {
        new GuardsText(guards, text, now).write();
    }

    private void write() {
        family(
                "sluice_upstream_retries_refused_total",
                "counter",
                "Retries that the upstream's retry budget did not have",
                UpstreamGuard::retries,
                RetryBudget::refused);
        family(
                "sluice_upstream_circuit_state",
                "gauge",
                "Circuit breaker of the upstream: 0 closed, 1 half-open, 2 open",
                UpstreamGuard::circuit,
                circuit -> circuit.position(now).ordinal());
        family(
                "sluice_upstream_circuit_opened_total",
                "counter",
                "How often the upstream's circuit was opened, by whatever node",
                UpstreamGuard::circuit,
                CircuitBreaker::opened);
        family(
                "sluice_upstream_circuit_refused_total",
                "counter",
                "Requests refused because the upstream's circuit was open",
                UpstreamGuard::circuit,
                CircuitBreaker::refused);
        family(
                "sluice_upstream_targets_ejected",
                "gauge",
                "Addresses of targets that this node leaves out as outliers",
                UpstreamGuard::outliers,
                outliers -> outliers.out(now));
        family(
                "sluice_upstream_ejections_total",
                "counter",
                "How often this node has left out an address of a target as an outlier",
                UpstreamGuard::outliers,
                OutlierEjection::ejections);
        family(
                "sluice_upstream_hedges_total",
                "counter",
                "Second tries sent beside a first one that was slow",
                UpstreamGuard::hedges,
                Hedges::allSent);
        family(
                "sluice_upstream_hedges_won_total",
                "counter",
                "Second tries that brought the response",
                UpstreamGuard::hedges,
                Hedges::allWon);
        family(
                "sluice_upstream_hedges_refused_total",
                "counter",
                "Second tries that were due and not sent, for a budget or the circuit",
                UpstreamGuard::hedges,
                Hedges::allRefused);
    }

    private <T> void family(
            String name, String type, String help, Function<UpstreamGuard, @Nullable T> part, ToLongFunction<T> value) {
        boolean begun = false;
        for (UpstreamGuard guard : guards) {
            T one = part.apply(guard);
            if (one != null) {
                if (!begun) {
                    text.family(name, type, help);
                    begun = true;
                }
                text.sample(name, MetricsText.labels("upstream", guard.upstream()), value.applyAsLong(one));
            }
        }
    }
}
