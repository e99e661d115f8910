package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.GrpcService;
import io.sluice.node.proxy.RawHttp2;
import org.junit.jupiter.api.Test;

/** Calls of one client connection go to the targets one by one, not all to the first. */
class GrpcBalancingIT {

    private static final int CALLS = 20;

    private static String config(int first, int second) {
        return """
                upstreams:
                - {name: up, targets: [{target: '127.0.0.1:FIRST'}, {target: '127.0.0.1:SECOND'}]}
                services:
                - {name: s, protocol: grpc, host: up, retries: 1}
                routes:
                - {name: r, service: s, paths: [/], protocols: [grpc]}
                """.replace("FIRST", "" + first).replace("SECOND", "" + second);
    }

    private static RawHttp2.Response call(RawHttp2 client, int stream) {
        byte[] head = RawHttp2.request("POST", "/test.Echo/Echo", "content-type: application/grpc", "te: trailers");
        return client.headers(stream, false, head)
                .data(stream, true, "\0\0\0\0\1x")
                .response(stream);
    }

    @Test
    void theTargetsGetTheSame() {
        try (GrpcService one = GrpcService.start();
                GrpcService two = GrpcService.start();
                Pipeline pipeline = Pipeline.of(config(one.port(), two.port()));
                RawHttp2 client =
                        RawHttp2.connect(pipeline.gateway().listenHttp2()).begin()) {
            for (int i = 0; i < CALLS; i++) {
                assertThat(call(client, 2 * i + 1).trailers()).contains("grpc-status: 0");
            }

            assertThat(one.calls()).isEqualTo(CALLS / 2);
            assertThat(two.calls()).isEqualTo(CALLS / 2);
        }
    }

    @Test
    void aTargetThatIsGoneCostsNoCall() {
        try (GrpcService one = GrpcService.start();
                GrpcService two = GrpcService.start();
                Pipeline pipeline = Pipeline.of(config(one.port(), two.port()));
                RawHttp2 client =
                        RawHttp2.connect(pipeline.gateway().listenHttp2()).begin()) {
            assertThat(call(client, 1).trailers()).contains("grpc-status: 0");
            assertThat(call(client, 3).trailers()).contains("grpc-status: 0");
            one.close();
            for (int i = 2; i < CALLS; i++) {
                assertThat(call(client, 2 * i + 1).trailers()).contains("grpc-status: 0");
            }

            assertThat(two.calls()).isEqualTo(CALLS - 1);
        }
    }
}
