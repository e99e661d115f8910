package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "api.test,      127.0.0.1:8080, api.test:8080",
                "api.test,      127.0.0.1:80,   api.test",
                "api.test:9000, 127.0.0.1:8080, api.test:9000",
                "'[::1]',       127.0.0.1:8080, '[::1]:8080'",
                "-,             127.0.0.1:8080, 127.0.0.1:8080",
                "-,             '[::1]:8080',   '[::1]:8080'",
                "-,             127.0.0.1:80,   127.0.0.1"
            })
    void namesThePortUnlessItIsTheUsualOne(String header, String target, String sent) {
        Destination destination = Destination.ofUpstream(
                Configs.service("s", 1),
                upstream(header),
                List.of(new Target(Configs.id("t"), Configs.id("u"), target, 100, List.of(), 0, 0)),
                candidates -> 0,
                null);

        assertThat(((Endpoint) destination.at(0, 0, false)).hostHeader()).isEqualTo(sent);
    }

    private static Upstream upstream(String hostHeader) {
        return new Upstream(
                Configs.id("u"),
                "u",
                Upstream.Algorithm.ROUND_ROBIN,
                10,
                Upstream.HashOn.NONE,
                Upstream.HashOn.NONE,
                Map.of(),
                hostHeader,
                null,
                false,
                Map.of(),
                UpstreamOptions.NONE,
                List.of(),
                0,
                0);
    }
}
