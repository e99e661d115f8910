package io.sluice.node.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.guard.CircuitBreaker.Pass;
import io.sluice.state.model.UpstreamOptions;
import org.junit.jupiter.api.Test;

class HedgesTest {

    private static final long SECOND = 1_000_000_000L;

    private static Hedges hedges(double percent, RetryBudget retries, CircuitBreaker circuit) {
        return new Hedges(new UpstreamOptions.Hedging(50, percent), () -> 3, retries, circuit);
    }

    private static RetryBudget retries(double percent, double minPerSecond) {
        return new RetryBudget(new UpstreamOptions.RetryBudget(percent, minPerSecond), () -> 1);
    }

    private static int taken(Hedges hedges, int wanted, long now) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += hedges.take(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void areNoMoreThanTheirPartOfTheRequestsOfTenSeconds() {
        Hedges hedges = hedges(10, null, null);
        for (int i = 0; i < 59; i++) {
            hedges.requested(0);
        }

        assertThat(taken(hedges, 20, 0)).isEqualTo(5);
        assertThat(hedges.allRefused()).isEqualTo(15);
        assertThat(taken(hedges, 1, 20 * SECOND)).isZero();
    }

    @Test
    void areRetriesOfTheUpstreamsBudgetWithoutCountingAsOnesItRefused() {
        RetryBudget retries = retries(0, 0.3);
        Hedges hedges = hedges(100, retries, null);
        for (int i = 0; i < 9; i++) {
            hedges.requested(0);
        }

        assertThat(retries.retry(0)).isTrue();
        assertThat(taken(hedges, 9, 0)).isEqualTo(2);
        assertThat(retries.refused()).isZero();
        assertThat(retries.retry(0)).isFalse();
        hedges.unused(0);
        assertThat(retries.retry(0)).isTrue();
    }

    @Test
    void areNoneWhileTheCircuitIsOpenOrTried() {
        UpstreamOptions.CircuitBreaker settings = new UpstreamOptions.CircuitBreaker(50, 1, 10, 30, 1);
        CircuitBreaker circuit = new CircuitBreaker("u", settings, new Alone());
        Hedges hedges = hedges(100, null, circuit);
        hedges.requested(0);
        assertThat(hedges.take(0)).isTrue();
        hedges.unused(0);

        circuit.ended(circuit.enter(0), Outcome.FAILURE, 0);
        assertThat(hedges.take(0)).as("open").isFalse();
        hedges.requested(31 * SECOND);
        Pass trial = circuit.enter(31 * SECOND);
        assertThat(hedges.take(31 * SECOND)).as("half-open").isFalse();
        circuit.ended(trial, Outcome.SUCCESS, 31 * SECOND);
        assertThat(hedges.take(31 * SECOND)).as("closed").isTrue();
    }
}
