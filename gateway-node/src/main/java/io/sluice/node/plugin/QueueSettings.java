package io.sluice.node.plugin;

import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a {@link DeliveryQueue} gathers, keeps and retries.
 *
 * @param maxBatchSize entries delivered together
 * @param maxCoalescingDelay how long the first entry of a batch waits for others
 * @param maxEntries waiting entries; the oldest are dropped beyond
 * @param maxBytes waiting bytes; the oldest entries are dropped beyond
 * @param maxRetryTime after this a batch that cannot be delivered is dropped
 * @param initialRetryDelay before the first retry; doubled for each further one
 * @param maxRetryDelay the longest delay between retries
 * @param oneAtATime whether a batch waits for the one before it
 */
public record QueueSettings(
        int maxBatchSize,
        Duration maxCoalescingDelay,
        int maxEntries,
        long maxBytes,
        Duration maxRetryTime,
        Duration initialRetryDelay,
        Duration maxRetryDelay,
        boolean oneAtATime) {

    /** The setting {@code queue}, with Kong's defaults. */
    public static Field field() {
        return Field.record(
                "queue",
                Schema.of(
                        Field.integer("max_batch_size", Rules.between(1, 1_000_000))
                                .defaultsTo(1),
                        Field.number("max_coalescing_delay", Rules.between(0, 3600))
                                .defaultsTo(1),
                        Field.integer("max_entries", Rules.between(1, 1_000_000))
                                .defaultsTo(10_000),
                        Field.integer("max_bytes"),
                        Field.number("max_retry_time").defaultsTo(60),
                        Field.number("initial_retry_delay", delay()).defaultsTo(0.01),
                        Field.number("max_retry_delay", delay()).defaultsTo(60),
                        Field.integer("concurrency_limit", Rules.oneOf(1L, -1L)).defaultsTo(1)));
    }

    /** The settings that {@link #field()} checked. */
    public static QueueSettings of(Settings queue) {
        return new QueueSettings(
                (int) queue.integer("max_batch_size"),
                seconds(queue.number("max_coalescing_delay")),
                (int) queue.integer("max_entries"),
                queue.optionalNumber("max_bytes").map(Number::longValue).orElse(Long.MAX_VALUE),
                seconds(queue.number("max_retry_time")),
                seconds(queue.number("initial_retry_delay")),
                seconds(queue.number("max_retry_delay")),
                queue.integer("concurrency_limit") == 1);
    }

    /** The same settings with another batch size. */
    public QueueSettings withMaxBatchSize(int size) {
        return new QueueSettings(
                size,
                maxCoalescingDelay,
                maxEntries,
                maxBytes,
                maxRetryTime,
                initialRetryDelay,
                maxRetryDelay,
                oneAtATime);
    }

    /** The same settings with another coalescing delay. */
    public QueueSettings withMaxCoalescingDelay(Duration delay) {
        return new QueueSettings(
                maxBatchSize, delay, maxEntries, maxBytes, maxRetryTime, initialRetryDelay, maxRetryDelay, oneAtATime);
    }

    private static Rule delay() {
        return new Rule("between", List.of(0.001, 1_000_000L), value -> {
            double seconds = ((Number) value).doubleValue();
            return seconds >= 0.001 && seconds <= 1_000_000
                    ? Optional.empty()
                    : Optional.of("value should be between 0.001 and 1000000");
        });
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
