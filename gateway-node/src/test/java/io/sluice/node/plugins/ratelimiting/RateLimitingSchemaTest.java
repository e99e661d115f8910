package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimitingSchemaTest {

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(
                        Map.of(),
                        Map.of(
                                "@entity",
                                List.of(
                                        "at least one of these fields must be non-empty: 'config.second', 'config.minute', "
                                                + "'config.hour', 'config.day', 'config.month', 'config.year'"))),
                Arguments.of(
                        Map.of("minute", 2, "hour", 1),
                        Map.of(
                                "@entity",
                                List.of("The limit for hour(1.0) cannot be lower than the limit for minute(2.0)"))),
                Arguments.of(
                        Map.of("second", 2, "minute", 3, "year", 2.5),
                        Map.of(
                                "@entity",
                                List.of("The limit for year(2.5) cannot be lower than the limit for minute(3.0)"))),
                Arguments.of(Map.of("minute", 0), Map.of("minute", "value must be greater than 0")),
                Arguments.of(Map.of("second", -1), Map.of("second", "value must be greater than 0")),
                Arguments.of(
                        Map.of("minute", 1, "window_type", "rolling"),
                        Map.of("window_type", "expected one of: fixed, sliding, bucket")),
                Arguments.of(Map.of("minute", 1, "mode", "fast"), Map.of("mode", "expected one of: strict, available")),
                Arguments.of(
                        Map.of("minute", 1, "peer_policy", "trust"),
                        Map.of("peer_policy", "expected one of: closed, share, open")),
                Arguments.of(
                        Map.of("minute", 1, "park_ms", 10_001),
                        Map.of("park_ms", "value should be between 0 and 10000")),
                Arguments.of(Map.of("minute", 1, "dry_run", "yes"), Map.of("dry_run", "expected a boolean")),
                Arguments.of(
                        Map.of("minute", 1, "cost", Map.of("fixed", 0)),
                        Map.of("cost", Map.of("fixed", "value should be between 1 and 1000000"))),
                Arguments.of(
                        Map.of("minute", 1, "cost", Map.of("header", "a b")),
                        Map.of(
                                "cost",
                                Map.of(
                                        "header",
                                        "bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'"))),
                Arguments.of(Map.of("minute", "5"), Map.of("minute", "expected a number")),
                Arguments.of(
                        Map.of("minute", 1, "limit_by", "name"),
                        Map.of("limit_by", "expected one of: consumer, credential, ip, service, header, path")),
                Arguments.of(
                        Map.of("minute", 1, "limit_by", "header"),
                        Map.of(
                                "@entity",
                                List.of("failed conditional validation given value of field 'config.limit_by'"),
                                "header_name",
                                "required field missing")),
                Arguments.of(
                        Map.of("minute", 1, "limit_by", "path"),
                        Map.of(
                                "@entity",
                                List.of("failed conditional validation given value of field 'config.limit_by'"),
                                "path",
                                "required field missing")),
                Arguments.of(
                        Map.of("minute", 1, "policy", "redis"),
                        Map.of(
                                "@entity",
                                List.of("failed conditional validation given value of field 'config.policy'"),
                                "redis",
                                Map.of("host", "required field missing"))),
                Arguments.of(
                        Map.of("minute", 1, "policy", "redis", "redis_host", "a", "redis", Map.of("host", "b")),
                        Map.of(
                                "@entity",
                                List.of("both deprecated and new field are used but their values mismatch: "
                                        + "redis_host = a vs redis.host = b"))),
                Arguments.of(
                        Map.of("minute", 1, "redis_password", "a", "redis", Map.of("password", "b")),
                        Map.of(
                                "@entity",
                                List.of("both deprecated and new field are used but their values mismatch: "
                                        + "redis_password vs redis.password"))),
                Arguments.of(
                        Map.of("minute", 1, "sync_rate", 5),
                        Map.of("@entity", List.of("sync_rate can only be used with the redis policy"))),
                Arguments.of(
                        Map.of("minute", 1, "policy", "redis", "redis_host", "a", "sync_rate", 0.01),
                        Map.of("sync_rate", "value is 0.01 (expected: -1, or at least 0.02 seconds)")),
                Arguments.of(Map.of("minute", 1, "path", "a"), Map.of("path", "should start with: /")),
                Arguments.of(
                        Map.of("minute", 1, "error_code", 0), Map.of("error_code", "value must be greater than 0")),
                Arguments.of(
                        Map.of("minute", 1, "error_code", 700),
                        Map.of("error_code", "value should be between 200 and 599")),
                Arguments.of(
                        Map.of("minute", 1, "limit_by", "header", "header_name", "a b"),
                        Map.of(
                                "header_name",
                                "bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'")));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refuses(Map<String, Object> config, Map<String, Object> error) {
        assertThat(RateLimitingSchema.schema().check(config).error()).isEqualTo(error);
    }

    static Stream<Map<String, Object>> right() {
        return Stream.of(
                Map.of("second", 1, "minute", 1, "hour", 1, "day", 1, "month", 1, "year", 1),
                Map.of("minute", 0.5),
                Map.of("minute", 1, "policy", "redis", "redis", Map.of("host", "b"), "sync_rate", 0.02),
                Map.of("minute", 1, "policy", "redis", "redis_host", "b", "redis_port", 6380),
                Map.of("minute", 1, "policy", "redis", "redis_host", "b", "redis", Map.of("host", "b")),
                Map.of("minute", 1, "policy", "cluster"),
                Map.of("minute", 1, "window_type", "sliding", "mode", "available", "park_ms", 0, "dry_run", true),
                Map.of("minute", 1, "peer_policy", "open", "cost", Map.of("fixed", 3, "header", "X-Cost")));
    }

    @ParameterizedTest
    @MethodSource("right")
    void accepts(Map<String, Object> config) {
        assertThat(RateLimitingSchema.schema().check(config).error()).isNull();
    }
}
