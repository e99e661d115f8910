package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Entity;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Checked;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The typed form of what Kong's schema lets through. */
class HealthchecksTest {

    private static Healthchecks read(Map<String, Object> healthchecks) {
        Map<String, Object> tree =
                Map.of("id", UUID.randomUUID().toString(), "name", "u", "healthchecks", healthchecks);
        return Healthchecks.of(((Upstream) decoded(tree)).healthchecks());
    }

    @SuppressWarnings("unchecked")
    private static Entity decoded(Map<String, Object> tree) {
        Map<String, Object> expanded = EntityKind.UPSTREAM.expand(tree, new LinkedHashMap<>());
        Checked checked = EntityKind.UPSTREAM.schemaFor(expanded).check(expanded);
        assertThat(checked.error()).isNull();
        return EntityKind.UPSTREAM.decode((Map<String, Object>) checked.value());
    }

    @Test
    void defaultsAreKongsAndSwitchEverythingOff() {
        Healthchecks checks = read(Map.of());

        assertThat(checks.isOff()).isTrue();
        assertThat(checks.threshold()).isZero();
        assertThat(checks.active().type()).isEqualTo(ProbeType.HTTP);
        assertThat(checks.active().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(checks.active().concurrency()).isEqualTo(10);
        assertThat(checks.active().httpPath()).isEqualTo("/");
        assertThat(checks.active().verifyCertificate()).isTrue();
        assertThat(checks.active().healthy().statuses().codes()).containsExactly(200, 302);
        assertThat(checks.active().unhealthy().statuses().codes())
                .containsExactly(404, 429, 500, 501, 502, 503, 504, 505);
        assertThat(checks.passive().healthy().statuses().codes()).hasSize(19).contains(200, 208, 226, 300, 308);
        assertThat(checks.passive().unhealthy().statuses().codes()).containsExactly(429, 500, 503);
    }

    @Test
    void whatIsSaidIsRead() {
        Healthchecks checks = read(Map.of(
                "threshold",
                12.5,
                "active",
                Map.of(
                        "type",
                        "https",
                        "timeout",
                        0.25,
                        "https_sni",
                        "a.example.com",
                        "headers",
                        Map.of("x-probe", List.of("a", "b")),
                        "healthy",
                        Map.of("interval", 0.5, "successes", 2),
                        "unhealthy",
                        Map.of("interval", 3, "tcp_failures", 1, "timeouts", 4, "http_failures", 255))));

        assertThat(checks.isOff()).isFalse();
        assertThat(checks.threshold()).isEqualTo(12.5);
        assertThat(checks.active().type()).isEqualTo(ProbeType.HTTPS);
        assertThat(checks.active().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(checks.active().httpsSni()).contains("a.example.com");
        assertThat(checks.active().headers()).containsEntry("x-probe", List.of("a", "b"));
        assertThat(checks.active().healthy().interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(checks.active().healthy().successes()).isEqualTo(2);
        assertThat(checks.active().unhealthy().interval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(checks.active().unhealthy().limit(Failure.TCP)).isEqualTo(1);
        assertThat(checks.active().unhealthy().limit(Failure.TIMEOUT)).isEqualTo(4);
        assertThat(checks.active().unhealthy().limit(Failure.HTTP)).isEqualTo(255);
    }

    @Test
    void probeWithoutALimitHasThatOfSockets() {
        Healthchecks none = read(Map.of("active", Map.of("timeout", 0)));
        Healthchecks some = read(Map.of("active", Map.of("timeout", 3)));

        assertThat(none.active().patience()).isEqualTo(Duration.ofSeconds(60));
        assertThat(none.active().connecting(Duration.ofSeconds(1)).patience()).isEqualTo(Duration.ofSeconds(1));
        assertThat(some.active().patience()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp_failures", "timeouts", "http_failures"})
    void anyLimitOfTrafficSwitchesChecksOn(String limit) {
        Healthchecks checks = read(Map.of("passive", Map.of("unhealthy", Map.of(limit, 1))));

        assertThat(checks.isOff()).isFalse();
        assertThat(checks.active().isOn()).isFalse();
    }

    @Test
    void successesAloneSwitchNothingOn() {
        assertThat(read(Map.of("passive", Map.of("healthy", Map.of("successes", 5))))
                        .isOff())
                .isTrue();
    }

    @Test
    void probeThatConnectsIsBoundedInTime() {
        Healthchecks.Active slow = read(Map.of("active", Map.of("timeout", 60))).active();
        Healthchecks.Active quick =
                read(Map.of("active", Map.of("timeout", 0.5))).active();

        assertThat(slow.connecting(Duration.ofSeconds(1)).type()).isEqualTo(ProbeType.TCP);
        assertThat(slow.connecting(Duration.ofSeconds(1)).timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(quick.connecting(Duration.ofSeconds(1)).timeout()).isEqualTo(Duration.ofMillis(500));
    }
}
