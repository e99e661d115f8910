package io.sluice.node.plugins.httplog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpLogSchemaTest {

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("http_endpoint", "example.com/x", "missing scheme in url"),
                wrong("http_endpoint", "http:///x", "missing host in url"),
                wrong("http_endpoint", "ftp://x/", "scheme 'ftp' (expected: http or https)"),
                wrong("method", "GET", "expected one of: POST, PUT, PATCH"),
                wrong(
                        "content_type",
                        "text/plain",
                        "expected one of: application/json, application/json; charset=utf-8"),
                wrong("headers", Map.of("Host", "a"), Map.of("Host", "cannot contain 'Host' header")),
                wrong(
                        "headers",
                        Map.of("content-type", "a"),
                        Map.of("content-type", "cannot contain 'Content-Type' header")),
                wrong(
                        "headers",
                        Map.of("content-length", "1"),
                        Map.of("content-length", "cannot contain 'Content-Length' header")),
                wrong("headers", Map.of("X A", "1"), Map.of("X A", "bad header name 'X A' (expected: a token)")),
                wrong("headers", Map.of("X", "a\r\nb"), Map.of("X", "bad header value (expected: printable ASCII)")),
                wrong(
                        "queue",
                        Map.of("max_batch_size", 0),
                        Map.of("max_batch_size", "value should be between 1 and 1000000")),
                wrong(
                        "queue",
                        Map.of("initial_retry_delay", 0),
                        Map.of("initial_retry_delay", "value should be between 0.001 and 1000000")),
                wrong("queue", Map.of("concurrency_limit", 2), Map.of("concurrency_limit", "expected one of: 1, -1")),
                wrong(
                        "custom_fields_by_lua",
                        Map.of("a", "return 1"),
                        "is Lua code, which this gateway does not run (expected: empty)"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refuses(String field, Object value, Object error) {
        var settings = new HashMap<String, Object>(Map.of("http_endpoint", "http://x/"));
        settings.put(field, value);

        assertThat(HttpLogSchema.schema().check(settings).error()).isEqualTo(Map.of(field, error));
    }

    @ParameterizedTest
    @MethodSource("authorizations")
    void refusesTwoAuthorizations(String endpoint, Map<String, String> headers, boolean refused) {
        var error = HttpLogSchema.schema()
                .check(Map.of("http_endpoint", endpoint, "headers", headers))
                .error();

        if (refused) {
            assertThat(error)
                    .isEqualTo(Map.of(
                            "@entity",
                            List.of("specifying both an 'Authorization' header and user info in "
                                    + "'http_endpoint' is not allowed")));
        } else {
            assertThat(error).isNull();
        }
    }

    static Stream<Arguments> authorizations() {
        return Stream.of(
                Arguments.of("http://a:b@x/", Map.of("authorization", "Basic x"), true),
                Arguments.of("http://a:b@x/", Map.of("X", "y"), false),
                Arguments.of("http://x/", Map.of("Authorization", "Basic x"), false));
    }

    private static Arguments wrong(String field, Object value, Object error) {
        return Arguments.of(field, value, error);
    }
}
