package io.sluice.node.plugins.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.TrafficMetrics.Detail;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusPluginTest {

    @ParameterizedTest
    @CsvSource({
        "none,                    false, false, false, false, false",
        "per_consumer,            true,  false, false, false, false",
        "status_code_metrics,     false, true,  false, false, false",
        "latency_metrics,         false, false, true,  false, false",
        "bandwidth_metrics,       false, false, false, true,  false",
        "upstream_health_metrics, false, false, false, false, true",
    })
    void countsWithTheDetailThatIsSwitchedOn(
            String on, boolean consumer, boolean status, boolean latency, boolean bandwidth, boolean health) {
        var context = PluginContextFixture.empty();
        Map<String, Object> settings = on.equals("none") ? Map.of() : Map.of(on, true);
        var plugin = context.create(new PrometheusPlugin.Factory(), settings);

        plugin.log(ExchangeFixture.get("/"));

        assertThat(context.counted()).containsExactly(new Detail(consumer, status, latency, bandwidth, health));
        assertThat(context.upstreamHealth()).isEqualTo(health);
    }
}
