package io.sluice.node.plugins.prometheus;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.TrafficMetrics;
import io.sluice.node.plugin.TrafficMetrics.Detail;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Set;

/** Counts finished exchanges; the metrics endpoint is there with or without it. */
public final class PrometheusPlugin implements Plugin {

    /** The kind {@code prometheus}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "prometheus";
        }

        @Override
        public int priority() {
            return 13;
        }

        /** {@code ai_metrics} and {@code wasm_metrics} are accepted; there is nothing here that they would count. */
        @Override
        public Schema settings() {
            return Schema.of(
                    Field.bool("per_consumer", false),
                    Field.bool("status_code_metrics", false),
                    Field.bool("ai_metrics", false),
                    Field.bool("latency_metrics", false),
                    Field.bool("bandwidth_metrics", false),
                    Field.bool("upstream_health_metrics", false),
                    Field.bool("wasm_metrics", false));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.LOG);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            TrafficMetrics metrics = context.metrics();
            Detail detail = new Detail(
                    settings.bool("per_consumer"),
                    settings.bool("status_code_metrics"),
                    settings.bool("latency_metrics"),
                    settings.bool("bandwidth_metrics"),
                    settings.bool("upstream_health_metrics"));
            if (detail.upstreamHealth()) {
                context.resource(HealthExport.class, () -> HealthExport.of(metrics));
            }
            return new PrometheusPlugin(metrics, detail);
        }
    }

    private final TrafficMetrics metrics;
    private final Detail detail;

    PrometheusPlugin(TrafficMetrics metrics, Detail detail) {
        this.metrics = metrics;
        this.detail = detail;
    }

    @Override
    public void log(Exchange exchange) {
        metrics.count(exchange, detail);
    }

    /** On as long as any configuration wants it. */
    private record HealthExport(TrafficMetrics metrics) implements AutoCloseable {

        static HealthExport of(TrafficMetrics metrics) {
            metrics.exportUpstreamHealth(true);
            return new HealthExport(metrics);
        }

        @Override
        public void close() {
            metrics.exportUpstreamHealth(false);
        }
    }
}
