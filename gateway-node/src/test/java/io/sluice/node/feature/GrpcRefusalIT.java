package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawHttp2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of gRPC are told when plugins refuse their calls. */
class GrpcRefusalIT {

    private static final String BASE = """
            services:
            - {name: s, protocol: grpc, host: 127.0.0.1, port: UPSTREAM, retries: 0}
            routes:
            - {name: r, service: s, paths: [/], protocols: [grpc]}
            plugins:
            """;

    private static RawHttp2.Response call(RawHttp2 client, int stream) {
        return client.headers(
                        stream,
                        true,
                        RawHttp2.request("POST", "/test.Echo/Echo", "content-type: application/grpc", "te: trailers"))
                .response(stream);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: key-auth} | 16 | No API key found in request",
                "{name: ip-restriction, config: {deny: [127.0.0.0/8]}} | 7 | IP address not allowed: 127.0.0.1",
                "{name: request-termination, config: {status_code: 503, message: closed}} | 14 | closed",
            })
    void aCallThatAPluginRefusesHasAStatus(String plugin, String status, String message) {
        try (Pipeline pipeline = Pipeline.of(BASE + "- " + plugin + "\n");
                RawHttp2 client =
                        RawHttp2.connect(pipeline.gateway().listenHttp2()).begin()) {
            RawHttp2.Response response = call(client, 1);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.fields())
                    .contains("content-type: application/grpc", "grpc-status: " + status, "grpc-message: " + message);
        }
    }

    /** The upstream speaks no HTTP/2, so the first call fails there. */
    @Test
    void aCallAboveTheLimitHasExhaustedIt() {
        String limit = "- {name: rate-limiting, config: {minute: 1, policy: local}}\n";
        try (Pipeline pipeline = Pipeline.of(BASE + limit);
                RawHttp2 client =
                        RawHttp2.connect(pipeline.gateway().listenHttp2()).begin()) {
            RawHttp2.Response first = call(client, 1);
            RawHttp2.Response second = call(client, 3);

            assertThat(first.fields()).contains("grpc-status: 14");
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.fields()).contains("grpc-status: 8", "x-ratelimit-limit-minute: 1");
            assertThat(second.fields()).anyMatch(line -> line.startsWith("retry-after: ") && line.length() <= 15);
        }
    }
}
