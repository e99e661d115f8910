package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseRateLimitingSchemaTest {

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Map.of(), Map.of("limits", "required field missing")),
                Arguments.of(limits(Map.of()), Map.of("limits", "length must be at least 1")),
                Arguments.of(
                        limits(Map.of("video", Map.of("second", 2, "minute", 1))),
                        Map.of("limits", "the limit for minute(1.0) cannot be lower than the limit for second(2.0)")),
                Arguments.of(
                        limits(Map.of("video", Map.of("month", 6, "year", 5))),
                        Map.of("limits", "the limit for year(5.0) cannot be lower than the limit for month(6.0)")),
                Arguments.of(
                        limits(Map.of("video", Map.of())),
                        Map.of(
                                "limits",
                                "at least one of these fields must be non-empty: "
                                        + "'second', 'minute', 'hour', 'day', 'month', 'year'")),
                Arguments.of(
                        limits(Map.of("video", Map.of("seco", 1))),
                        Map.of("limits", Map.of("video", Map.of("seco", "unknown field")))),
                Arguments.of(
                        limits(Map.of("video", Map.of("minute", 0))),
                        Map.of("limits", Map.of("video", Map.of("minute", "value must be greater than 0")))),
                Arguments.of(limits(Map.of("second", 10)), Map.of("limits", Map.of("second", "expected a record"))),
                Arguments.of(
                        limits(Map.of("a b", Map.of("minute", 1))),
                        Map.of("limits", Map.of("a b", "bad header name 'a b' (expected: a token)"))),
                Arguments.of(
                        Map.of("limits", Map.of("video", Map.of("minute", 1)), "limit_by", "header"),
                        Map.of("limit_by", "expected one of: consumer, credential, ip")),
                Arguments.of(
                        Map.of("limits", Map.of("video", Map.of("minute", 1)), "policy", "redis"),
                        Map.of(
                                "@entity",
                                List.of("failed conditional validation given value of field 'config.policy'"),
                                "redis",
                                Map.of("host", "required field missing"))));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refuses(Map<String, Object> config, Map<String, Object> error) {
        assertThat(ResponseRateLimitingSchema.schema().check(config).error()).isEqualTo(error);
    }

    static Stream<Map<String, Object>> right() {
        return Stream.of(
                limits(Map.of("video", Map.of("second", 1))),
                limits(Map.of(
                        "video",
                        Map.of("second", 1, "minute", 2, "hour", 3, "day", 4, "month", 5, "year", 6),
                        "image",
                        Map.of("minute", 0.5))),
                Map.of(
                        "limits",
                        Map.of("video", Map.of("minute", 1)),
                        "policy",
                        "redis",
                        "redis",
                        Map.of("host", "r")));
    }

    @ParameterizedTest
    @MethodSource("right")
    void accepts(Map<String, Object> config) {
        assertThat(ResponseRateLimitingSchema.schema().check(config).error()).isNull();
    }

    private static Map<String, Object> limits(Map<String, Object> limits) {
        return Map.of("limits", limits);
    }
}
