package io.sluice.node.observe;

import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.crdt.LimitCounts;

/** Metrics of limits over all nodes: what was decided here and what it cost in messages and memory. */
final class ClusterLimitsText {

    private static final String PREFIX = "sluice_cluster_limits_";

    private ClusterLimitsText() {}

    static void write(LimitCounts counts, MetricsText text) {
        counter(
                text,
                "admitted_total",
                "Requests admitted here by limits over all nodes",
                counts.lanes().admitted());
        counter(
                text,
                "denied_total",
                "Requests refused here by limits over all nodes",
                counts.lanes().denied());
        counter(
                text,
                "parked_total",
                "Requests that waited for another node",
                counts.lanes().parked());
        counter(
                text,
                "overdrawn_total",
                "Tokens of others that were used here without having them",
                counts.lanes().overdrawn());
        String owed = PREFIX + "owed";
        text.family(owed, "gauge", "Tokens of others that were used here and have not been paid back")
                .sample(owed, "", counts.lanes().owed());
        counter(
                text,
                "decided_total",
                "Requests decided here for other nodes",
                counts.lanes().decided());
        traffic(counts, text);
        String rows = PREFIX + "ledger_rows";
        text.family(rows, "gauge", "Transfers of tokens that are remembered").sample(rows, "", counts.ledgerRows());
        counter(
                text,
                "ledger_full_total",
                "How often tokens were not moved or declared because too many keys have rows",
                counts.lanes().crowded());
        if (counts.durability().onDisk()) {
            String degraded = PREFIX + "store_degraded";
            text.family(degraded, "gauge", "Whether what is spent of long limits is not, or not all, on disk")
                    .sample(degraded, "", counts.durability().degraded().isPresent() ? 1 : 0);
        }
        keys(counts.keys(), text);
    }

    private static void traffic(LimitCounts counts, MetricsText text) {
        String transfers = PREFIX + "transfers_total";
        text.family(transfers, "counter", "Transfers of tokens between this node and others")
                .sample(
                        transfers,
                        MetricsText.labels("direction", "given"),
                        counts.lanes().given())
                .sample(
                        transfers,
                        MetricsText.labels("direction", "received"),
                        counts.lanes().received());
        String messages = PREFIX + "messages_total";
        text.family(messages, "counter", "Messages about tokens between this node and others")
                .sample(
                        messages,
                        MetricsText.labels("direction", "sent"),
                        counts.lanes().sent())
                .sample(messages, MetricsText.labels("direction", "received"), counts.heard())
                .sample(messages, MetricsText.labels("direction", "dropped"), counts.dropped());
        String unreadable = "sluice_cluster_unreadable_total";
        text.family(unreadable, "counter", "Messages from other nodes that this one could not read and dropped")
                .sample(unreadable, "", counts.unreadable());
        String refused = "sluice_cluster_refused_connections_total";
        text.family(refused, "counter", "Connections between nodes that were closed for what the other end sent")
                .sample(refused, "", counts.refused());
        String bytes = PREFIX + "bytes_total";
        text.family(bytes, "counter", "Bytes of messages (fast lane) and of replicated ledgers (slow lane)")
                .sample(bytes, MetricsText.labels("lane", "fast", "direction", "sent"), counts.fastSent())
                .sample(bytes, MetricsText.labels("lane", "fast", "direction", "received"), counts.fastReceived())
                .sample(bytes, MetricsText.labels("lane", "slow", "direction", "sent"), counts.slowSent())
                .sample(bytes, MetricsText.labels("lane", "slow", "direction", "received"), counts.slowReceived());
    }

    private static void keys(KeyBudget keys, MetricsText text) {
        String remembered = "sluice_limit_keys";
        text.family(remembered, "gauge", "Keys that limits remember, of this node only or over all nodes")
                .sample(remembered, "", keys.taken());
        String most = "sluice_limit_keys_most";
        text.family(most, "gauge", "Keys that limits may remember").sample(most, "", keys.most());
        String exceeded = "sluice_limit_keys_exceeded_total";
        text.family(exceeded, "counter", "New keys that another key was forgotten for before its time")
                .sample(exceeded, "", keys.exceeded());
    }

    private static void counter(MetricsText text, String name, String help, long value) {
        text.family(PREFIX + name, "counter", help).sample(PREFIX + name, "", value);
    }
}
