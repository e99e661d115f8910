package io.sluice.state.model.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import io.sluice.state.model.UpstreamOptions.CircuitBreaker;
import io.sluice.state.model.UpstreamOptions.Hedging;
import io.sluice.state.model.UpstreamOptions.OutlierEjection;
import io.sluice.state.model.UpstreamOptions.RetryBudget;
import io.sluice.state.model.UpstreamOptions.StickyCookie;
import io.sluice.state.model.schema.Checked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an upstream can have beyond Kong's fields. */
class UpstreamOptionsSchemaTest {

    private static Checked checked(Map<String, ?> fields) {
        Map<String, Object> given = new LinkedHashMap<>(fields);
        given.put("id", "0dc6f45b-8f8d-40d2-a504-473544ee190b");
        given.put("name", "u");
        Map<String, Object> expanded = EntityKind.UPSTREAM.expand(given, new LinkedHashMap<>());
        return EntityKind.UPSTREAM.schemaFor(expanded).check(expanded);
    }

    @SuppressWarnings("unchecked")
    private static Upstream upstream(Map<String, ?> fields) {
        Checked checked = checked(fields);
        assertThat(checked.error()).isNull();
        return (Upstream) EntityKind.UPSTREAM.decode((Map<String, Object>) checked.value());
    }

    @Test
    void isOffAndUnseenUnlessSet() {
        Upstream upstream = upstream(Map.of());

        assertThat(upstream.options()).isEqualTo(UpstreamOptions.NONE);
        assertThat(EntityKind.UPSTREAM.encode(upstream))
                .doesNotContainKeys(
                        "sticky_sessions_cookie",
                        "sticky_sessions_cookie_path",
                        "hash_balance_factor",
                        "slow_start",
                        "retry_budget",
                        "circuit_breaker",
                        "outlier_ejection",
                        "hedging");
    }

    @Test
    void hasDefaultsForWhatIsSwitchedOn() {
        UpstreamOptions options = upstream(Map.of(
                        "retry_budget", Map.of(),
                        "circuit_breaker", Map.of(),
                        "outlier_ejection", Map.of(),
                        "hedging", Map.of()))
                .options();

        assertThat(options.retryBudget()).isEqualTo(new RetryBudget(20, 10));
        assertThat(options.circuitBreaker()).isEqualTo(new CircuitBreaker(50, 20, 10, 30, 10));
        assertThat(options.outlierEjection()).isEqualTo(new OutlierEjection(5, 30, 50));
        assertThat(options.hedging()).isEqualTo(new Hedging(50, 10));
    }

    @Test
    void writesWhatWasSetAsItWasGiven() {
        Map<String, Object> given = Map.of(
                "algorithm",
                "sticky-sessions",
                "sticky_sessions_cookie",
                "sid",
                "sticky_sessions_cookie_path",
                "/app",
                "slow_start",
                1.5,
                "retry_budget",
                Map.of("percent", 12.5, "min_per_second", 3L),
                "circuit_breaker",
                Map.of(
                        "failure_percent", 10L,
                        "min_requests", 1L,
                        "window", 0.5,
                        "open_time", 7L,
                        "half_open_requests", 2L),
                "outlier_ejection",
                Map.of("consecutive_failures", 3L, "base_ejection_time", 9L, "max_ejection_percent", 100L));

        Upstream upstream = upstream(given);

        assertThat(upstream.algorithm()).isEqualTo(Upstream.Algorithm.STICKY_SESSIONS);
        assertThat(upstream.options().stickyCookie()).isEqualTo(new StickyCookie("sid", "/app"));
        assertThat(EntityKind.UPSTREAM.encode(upstream)).containsAllEntriesOf(given);
    }

    @Test
    void writesHedgingAsItWasGiven() {
        Map<String, Object> given = Map.of("hedging", Map.of("delay_ms", 20L, "percent", 2.5));

        Upstream upstream = upstream(given);

        assertThat(upstream.options().hedging()).isEqualTo(new Hedging(20, 2.5));
        assertThat(EntityKind.UPSTREAM.encode(upstream)).containsAllEntriesOf(given);
    }

    @Test
    void refusesToHedgeSessionsThatStick() {
        assertThat(checked(Map.of("algorithm", "sticky-sessions", "sticky_sessions_cookie", "sid", "hedging", Map.of()))
                        .error())
                .isEqualTo(Map.of(
                        "algorithm",
                        "value must not be sticky-sessions",
                        "@entity",
                        List.of("failed conditional validation given value of field 'hedging'")));
    }

    @Test
    void boundsTheLoadOfConsistentHashing() {
        Upstream upstream = upstream(Map.of("algorithm", "consistent-hashing", "hash_balance_factor", 125));

        assertThat(upstream.options().hashBalanceFactor()).isEqualTo(125);
        assertThat(EntityKind.UPSTREAM.encode(upstream)).containsEntry("hash_balance_factor", 125L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hash_balance_factor | 100    | value should be 0 or between 101 and 65535",
                "hash_balance_factor | 65536  | value should be 0 or between 101 and 65535",
                "slow_start          | -1     | value should be between 0 and 65535"
            })
    void refusesNumbersOutOfBounds(String field, long value, String message) {
        assertThat(checked(Map.of("algorithm", "consistent-hashing", "hash_on", "ip", field, value))
                        .error())
                .isEqualTo(Map.of(field, message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry_budget     | percent              | 101   | value should be between 0 and 100",
                "retry_budget     | min_per_second       | -1    | value should be between 0 and 65535",
                "circuit_breaker  | failure_percent      | 0     | value should be between 1 and 100",
                "circuit_breaker  | min_requests         | 0     | value should be between 1 and 65535",
                "circuit_breaker  | window               | 0     | value must be greater than 0",
                "circuit_breaker  | open_time            | 3601  | value should be between 0 and 3600",
                "circuit_breaker  | half_open_requests   | 0     | value should be between 1 and 65535",
                "outlier_ejection | consecutive_failures | 0     | value should be between 1 and 65535",
                "outlier_ejection | base_ejection_time   | 0     | value must be greater than 0",
                "outlier_ejection | max_ejection_percent | 101   | value should be between 1 and 100",
                "outlier_ejection | percent              | 1     | unknown field",
                "hedging          | delay_ms             | 0     | value should be between 1 and 60000",
                "hedging          | delay_ms             | 60001 | value should be between 1 and 60000",
                "hedging          | percent              | 0     | value must be greater than 0",
                "hedging          | percent              | 101   | value should be between 0 and 100"
            })
    void refusesMembersOutOfBounds(String field, String member, long value, String message) {
        assertThat(checked(Map.of(field, Map.of(member, value))).error())
                .isEqualTo(Map.of(field, Map.of(member, message)));
    }

    @Test
    void refusesStickySessionsWithoutACookie() {
        assertThat(checked(Map.of("algorithm", "sticky-sessions")).error())
                .isEqualTo(Map.of(
                        "sticky_sessions_cookie",
                        "required field missing",
                        "@entity",
                        List.of("failed conditional validation given value of field 'algorithm'")));
    }

    @Test
    void refusesABoundWithoutHashing() {
        assertThat(checked(Map.of("algorithm", "latency", "hash_balance_factor", 150))
                        .error())
                .isEqualTo(Map.of(
                        "algorithm",
                        "expected one of: consistent-hashing",
                        "@entity",
                        List.of("failed conditional validation given value of field 'hash_balance_factor'")));
    }
}
