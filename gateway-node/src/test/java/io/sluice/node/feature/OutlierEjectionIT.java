package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.RawClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Targets that are left out because they fail. */
class OutlierEjectionIT {

    private final Targets targets = new Targets();

    @AfterEach
    void closeTargets() {
        targets.close();
    }

    private static String ejection(int failures, double seconds, int percent) {
        return "outlier_ejection: {consecutive_failures: %d, base_ejection_time: %s, max_ejection_percent: %d}"
                .formatted(failures, seconds, percent);
    }

    private String failing(AtomicBoolean broken) {
        return targets.of(EchoUpstream.answering(
                request -> broken.get() ? Targets.response(500, "x") : Targets.response(200, "b")));
    }

    @Test
    void leavesOutATargetThatAnswersBadly() {
        String config = Targets.config(
                ejection(3, 3_600, 50), targets.named("a"), failing(new AtomicBoolean(true)), targets.named("c"));
        try (Pipeline pipeline = Pipeline.of(config);
                RawClient client = pipeline.gateway().client()) {
            assertThat(Targets.counts(client, 9)).isEqualTo(Map.of("a", 3, "x", 3, "c", 3));
            assertThat(Targets.counts(client, 30)).containsOnlyKeys("a", "c");

            pipeline.reload(config.replace("retries: 1", "retries: 2"));
            assertThat(Targets.counts(client, 30)).as("after a reload").containsOnlyKeys("a", "c");
        }
    }

    @Test
    void leavesOutATargetThatCannotBeReachedAlsoWithoutRetries() throws IOException {
        String config = Targets.config(0, ejection(2, 3_600, 50), Targets.refusing(), targets.named("a"));
        try (Pipeline pipeline = Pipeline.of(config)) {
            int failed = 0;
            for (int i = 0; i < 20; i++) {
                failed += pipeline.send("GET /").status() == 502 ? 1 : 0;
            }
            assertThat(failed).isEqualTo(2);
        }
    }

    @Test
    void takesItBackWhenTheTimeIsOver() {
        AtomicBoolean broken = new AtomicBoolean(true);
        String config = Targets.config(ejection(1, 0.2, 50), targets.named("a"), failing(broken));
        try (Pipeline pipeline = Pipeline.of(config);
                RawClient client = pipeline.gateway().client()) {
            assertThat(Targets.counts(client, 2)).containsKey("x");
            broken.set(false);

            await().until(() -> Targets.counts(client, 4).containsKey("b"));
        }
    }

    @Test
    void neverLeavesOutMoreThanItsPartAndServesFromThemIfNothingElseIsLeft() {
        AtomicBoolean broken = new AtomicBoolean(true);
        String config = Targets.config(ejection(1, 3_600, 50), failing(broken), failing(broken), failing(broken));
        try (Pipeline pipeline = Pipeline.of(config);
                RawClient client = pipeline.gateway().client()) {
            assertThat(Targets.counts(client, 30)).isEqualTo(Map.of("x", 30));
        }
        String all = Targets.config(ejection(1, 3_600, 100), failing(broken));
        try (Pipeline pipeline = Pipeline.of(all);
                RawClient client = pipeline.gateway().client()) {
            assertThat(Targets.counts(client, 5)).isEqualTo(Map.of("x", 5));
        }
    }
}
