package io.sluice.node.observe;

import io.sluice.node.observe.TrafficCounters.RouteLabels;
import io.sluice.state.model.Consumer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was counted for one pair of service and route. Thread-safe. */
final class TrafficSeries {

    static final Buckets GATEWAY = new Buckets(Buckets.GATEWAY, 0);
    static final Buckets UPSTREAM = new Buckets(Buckets.UPSTREAM, GATEWAY.end());
    static final Buckets TOTAL = new Buckets(Buckets.UPSTREAM, UPSTREAM.end());

    private final RouteLabels labels;
    private final String labelText;
    private final StripedLongs latencies = new StripedLongs(TOTAL.end());
    private final ConsumerSeries everybody = new ConsumerSeries("");
    private final ConcurrentHashMap<UUID, ConsumerSeries> consumers = new ConcurrentHashMap<>();

    TrafficSeries(RouteLabels labels) {
        this.labels = labels;
        this.labelText = MetricsText.labels("service", labels.service(), "route", labels.route());
    }

    RouteLabels labels() {
        return labels;
    }

    /** Milliseconds; a negative one was not measured. */
    void latencies(long gateway, long upstream, long total) {
        long[] row = latencies.row();
        if (gateway >= 0) {
            GATEWAY.observe(row, gateway);
        }
        if (upstream >= 0) {
            UPSTREAM.observe(row, upstream);
        }
        if (total >= 0) {
            TOTAL.observe(row, total);
        }
    }

    /** What is counted without a consumer label. */
    ConsumerSeries everybody() {
        return everybody;
    }

    @Nullable
    ConsumerSeries find(Consumer consumer) {
        return consumers.get(consumer.id());
    }

    /** False if it was there already. */
    boolean add(Consumer consumer) {
        return consumers.putIfAbsent(consumer.id(), new ConsumerSeries(ConsumerSeries.label(consumer))) == null;
    }

    /** Ends the series of all other consumers; gives their number. */
    int keepOnly(Set<String> consumerLabels) {
        int before = consumers.size();
        consumers.values().removeIf(series -> !consumerLabels.contains(series.consumer()));
        return before - consumers.size();
    }

    int size() {
        return 1 + consumers.size();
    }

    void writeLatencies(MetricsText text, String family, Buckets buckets) {
        buckets.write(text, family, labelText + ",workspace=\"default\"", latencies);
    }

    void writeStatuses(MetricsText text, String family) {
        all().forEach(series -> series.writeStatuses(text, family, labelText));
    }

    void writeBandwidth(MetricsText text, String family) {
        all().forEach(series -> series.writeBandwidth(text, family, labelText));
    }

    private Stream<ConsumerSeries> all() {
        return Stream.concat(Stream.of(everybody), List.copyOf(consumers.values()).stream());
    }
}
