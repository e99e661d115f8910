package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retries that an upstream's budget bounds. */
class RetryBudgetIT {

    private final Targets targets = new Targets();

    @AfterEach
    void closeTargets() {
        targets.close();
    }

    private static List<Integer> statuses(Pipeline pipeline, int requests) {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = pipeline.gateway().client()) {
            for (int i = 0; i < requests; i++) {
                statuses.add(
                        client.send(Pipeline.request("GET /")).readResponse().status());
            }
        }
        return statuses;
    }

    @Test
    void answersAsWithoutRetriesWhenTheBudgetIsUsedUp() throws IOException {
        String budget = "retry_budget: {percent: 0, min_per_second: 0.3}";
        try (Pipeline pipeline = Pipeline.of(Targets.config(budget, Targets.refusing(), targets.named("a")))) {
            List<Integer> statuses = statuses(pipeline, 20);

            // three are repeated in ten seconds; of the others every second goes to the dead target
            assertThat(statuses).hasSize(20).containsOnly(200, 502);
            assertThat(statuses.stream().filter(status -> status == 200).count())
                    .isBetween(11L, 12L);
            RawClient.Response refused = firstRefused(pipeline);
            assertThat(refused.body()).contains("An invalid response was received from the upstream server");
        }
    }

    private static RawClient.Response firstRefused(Pipeline pipeline) {
        RawClient.Response response = pipeline.send("GET /");
        return response.status() == 502 ? response : pipeline.send("GET /");
    }

    @Test
    void bringsOutTheSameTriesAsEverWhileThereIsBudget() throws IOException {
        String budget = "retry_budget: {percent: 100, min_per_second: 0}";
        try (Pipeline pipeline = Pipeline.of(Targets.config(budget, Targets.refusing(), targets.named("a")))) {
            assertThat(statuses(pipeline, 20)).containsOnly(200);
        }
    }

    @Test
    void boundsTheTriesOfAnOutage() {
        AtomicInteger tries = new AtomicInteger();
        EchoUpstream broken = EchoUpstream.answering(request -> {
            tries.incrementAndGet();
            return "no HTTP\r\n\r\nConnection: close";
        });
        String budget = "retry_budget: {percent: 20, min_per_second: 0}";
        try (Pipeline pipeline = Pipeline.of(Targets.config(5, budget, targets.of(broken)))) {
            assertThat(statuses(pipeline, 50)).containsOnly(502);

            assertThat(tries.get()).isBetween(58, 60);
        }
    }
}
