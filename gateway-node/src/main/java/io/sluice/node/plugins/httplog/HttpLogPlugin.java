package io.sluice.node.plugins.httplog;

import io.sluice.node.plugin.DeliveryQueue;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.QueueSettings;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends the log record of each exchange to an HTTP server through a queue. */
public final class HttpLogPlugin implements Plugin {

    /** The kind {@code http-log}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "http-log";
        }

        @Override
        public int priority() {
            return 12;
        }

        @Override
        public Schema settings() {
            return HttpLogSchema.schema();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.LOG);
        }

        /** The same settings keep their queue over revisions; other settings get a new one, and the old one is emptied. */
        @Override
        public Plugin create(Settings settings, PluginContext context) {
            QueueSettings queue = queue(settings);
            Key key = new Key(context.plugin().id(), settings.values());
            return new HttpLogPlugin(context.resource(
                    key,
                    () -> new DeliveryQueue(
                            "http-log " + context.plugin().id(),
                            queue,
                            context.background(),
                            new LogEndpoint(settings, queue.maxBatchSize() > 1, context.background()))));
        }

        /** The old names of two settings still count if they were set. */
        private static QueueSettings queue(Settings settings) {
            QueueSettings queue = QueueSettings.of(settings.record("queue"));
            if (settings.has("queue_size") && settings.integer("queue_size") != 1) {
                queue = queue.withMaxBatchSize((int) settings.integer("queue_size"));
            }
            if (settings.has("flush_timeout") && settings.number("flush_timeout") != 2) {
                queue = queue.withMaxCoalescingDelay(Duration.ofNanos((long) (settings.number("flush_timeout") * 1e9)));
            }
            return queue;
        }

        private record Key(UUID plugin, Map<String, @Nullable Object> settings) {}
    }

    private final DeliveryQueue queue;

    HttpLogPlugin(DeliveryQueue queue) {
        this.queue = queue;
    }

    @Override
    public void log(Exchange exchange) {
        queue.add(exchange.logRecord());
    }
}
