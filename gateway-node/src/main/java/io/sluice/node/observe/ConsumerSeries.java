package io.sluice.node.observe;

import io.sluice.node.plugin.Response.Source;
import io.sluice.state.model.Consumer;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What was counted for one consumer of one route; the empty consumer is everybody. Thread-safe. */
final class ConsumerSeries {

    private static final int INGRESS = 0;
    private static final int EGRESS = 1;
    private static final int CODES = 600;
    private static final Integer[] KEYS = keys();

    private final String consumer;
    private final StripedLongs bytes = new StripedLongs(2);
    private final ConcurrentSkipListMap<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();

    ConsumerSeries(String consumer) {
        this.consumer = consumer;
    }

    String consumer() {
        return consumer;
    }

    /** How a consumer is called in labels. */
    static String label(Consumer consumer) {
        if (consumer.username() != null) {
            return consumer.username();
        }
        return consumer.customId() == null ? consumer.id().toString() : consumer.customId();
    }

    void status(int code, Source source) {
        int bounded = code >= 100 && code < CODES ? code : 0;
        Integer key = KEYS[source == Source.SERVICE ? bounded : CODES + bounded];
        LongAdder count = statuses.get(key);
        if (count == null) {
            count = statuses.computeIfAbsent(key, missing -> new LongAdder());
        }
        count.increment();
    }

    void bandwidth(long ingress, long egress) {
        long[] row = bytes.row();
        StripedLongs.add(row, INGRESS, ingress);
        StripedLongs.add(row, EGRESS, egress);
    }

    void writeStatuses(MetricsText text, String family, String routeLabels) {
        statuses.forEach((key, count) -> {
            String source = key < CODES ? "service" : "kong";
            String labels = MetricsText.labels(
                    "code",
                    String.valueOf(key % CODES),
                    "source",
                    source,
                    "workspace",
                    "default",
                    "consumer",
                    consumer);
            text.sample(family, routeLabels + "," + labels, count.sum());
        });
    }

    void writeBandwidth(MetricsText text, String family, String routeLabels) {
        writeBandwidth(text, family, routeLabels, "ingress", bytes.sum(INGRESS));
        writeBandwidth(text, family, routeLabels, "egress", bytes.sum(EGRESS));
    }

    private void writeBandwidth(MetricsText text, String family, String routeLabels, String direction, long sum) {
        if (sum > 0) {
            String labels = MetricsText.labels("direction", direction, "workspace", "default", "consumer", consumer);
            text.sample(family, routeLabels + "," + labels, sum);
        }
    }

    /** Boxed once, so that counting does not allocate. */
    private static Integer[] keys() {
        Integer[] keys = new Integer[2 * CODES];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i;
        }
        return keys;
    }
}
