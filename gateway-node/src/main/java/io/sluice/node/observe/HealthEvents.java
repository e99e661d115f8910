package io.sluice.node.observe;

import io.sluice.state.health.HealthChange;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.wire.NodeId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who found what of targets: one line of the log for each change, and counters of them. Thread-safe. */
public final class HealthEvents implements Consumer<HealthChange> {

    private static final Logger log = LoggerFactory.getLogger(HealthEvents.class);
    private static final String FAMILY = "sluice_upstream_target_changes_total";

    /** More kinds of changes are not counted one by one: many targets times many nodes would flood what reads them. */
    private static final int MOST = 10_000;

    private static final String TIMES = "sluice_upstream_target_changed_timestamp_seconds";

    private final Map<Kind, Long> counts = new TreeMap<>();
    /** The last change of each address; those that have not changed for longest make room for others. */
    private final Map<TargetAddress, HealthChange> last = new LinkedHashMap<>();

    private long others;

    private record Kind(String upstream, String target, String state, String reason, String node)
            implements Comparable<Kind> {

        static Kind of(HealthChange change) {
            return new Kind(
                    change.address().upstream(),
                    change.address().target(),
                    change.usable() ? "healthy" : "unhealthy",
                    change.cause().name().toLowerCase(Locale.ROOT),
                    NodeId.show(change.finder()));
        }

        @Override
        public int compareTo(Kind other) {
            return key().compareTo(other.key());
        }

        private String key() {
            return String.join("\n", upstream, target, state, reason, node);
        }

        String labels(String address) {
            return MetricsText.labels(
                    "upstream",
                    upstream,
                    "target",
                    target,
                    "address",
                    address,
                    "state",
                    state,
                    "reason",
                    reason,
                    "node",
                    node);
        }

        String labels() {
            return MetricsText.labels(
                    "upstream", upstream, "target", target, "state", state, "reason", reason, "node", node);
        }
    }

    @Override
    public void accept(HealthChange change) {
        Kind kind = Kind.of(change);
        TargetAddress address = change.address();
        (change.usable() ? log.atInfo() : log.atWarn())
                .addKeyValue("upstream", address.upstream())
                .addKeyValue("target", address.target())
                .addKeyValue("address", address.endpoint())
                .addKeyValue("reason", kind.reason())
                .addKeyValue("found_by", kind.node())
                .addKeyValue("for", change.shared() ? "all nodes" : "this node")
                .addKeyValue("detail", change.detail())
                .log(change.usable() ? "target is up" : "target is down");
        count(kind);
        remember(change);
    }

    private synchronized void remember(HealthChange change) {
        last.remove(change.address());
        if (last.size() >= MOST) {
            last.remove(last.keySet().iterator().next());
        }
        last.put(change.address(), change);
    }

    private synchronized void count(Kind kind) {
        if (counts.size() < MOST || counts.containsKey(kind)) {
            counts.merge(kind, 1L, Long::sum);
        } else {
            others++;
        }
    }

    /**
     * Forgets what was counted of upstreams and targets that are no more.
     *
     * @param targets those that there are, by their upstreams' names
     */
    public synchronized void keepOnly(Map<String, Set<String>> targets) {
        counts.keySet()
                .removeIf(
                        kind -> !targets.getOrDefault(kind.upstream(), Set.of()).contains(kind.target()));
        last.keySet()
                .removeIf(address ->
                        !targets.getOrDefault(address.upstream(), Set.of()).contains(address.target()));
    }

    synchronized void write(MetricsText text) {
        text.family(FAMILY, "counter", "Changes of the health of targets: what was found, why, and by which node");
        counts.forEach((kind, count) -> text.sample(FAMILY, kind.labels(), count));
        text.family(TIMES, "gauge", "When the health of an address of a target last changed, why, and by which node");
        last.values()
                .forEach(change -> text.sample(
                        TIMES, Kind.of(change).labels(change.address().endpoint()), change.since() / 1e3));
        String rest = "sluice_upstream_target_changes_uncounted_total";
        text.family(rest, "counter", "Changes of the health of targets beyond the limit on series")
                .sample(rest, "", others);
    }
}
