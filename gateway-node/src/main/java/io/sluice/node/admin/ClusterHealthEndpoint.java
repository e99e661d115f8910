package io.sluice.node.admin;

import io.sluice.node.upstream.UpstreamHealth;
import io.sluice.state.health.Evidence;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.NodeView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.Verdict;
import io.sluice.state.wire.NodeId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What each node of the cluster thinks of each target, and why: who found what, when, on what evidence. */
final class ClusterHealthEndpoint {

    private final UpstreamHealth health;

    ClusterHealthEndpoint(UpstreamHealth health) {
        this.health = health;
    }

    void addTo(EndpointTable table) {
        table.get("/cluster/health", this::report);
    }

    private CompletionStage<Answer> report(Call call) {
        Optional<String> upstream = call.argument("upstream");
        return health.report().thenApply(report -> Answer.ok(Map.of("nodes", nodes(report, upstream))));
    }

    private static Object nodes(HealthReport report, Optional<String> upstream) {
        return report.nodes().stream().map(node -> show(node, upstream)).toList();
    }

    private static Map<String, Object> show(NodeView node, Optional<String> upstream) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", NodeId.show(node.node()));
        shown.put("address", node.address());
        shown.put("answered", node.answered());
        shown.put("in_contact", node.inContact());
        shown.put(
                "targets",
                node.targets().stream()
                        .filter(target -> upstream.isEmpty()
                                || upstream.get().equals(target.address().upstream()))
                        .map(ClusterHealthEndpoint::show)
                        .toList());
        shown.put(
                "guards",
                node.guards().stream()
                        .filter(guard -> upstream.isEmpty() || upstream.get().equals(guard.upstream()))
                        .map(ClusterHealthEndpoint::show)
                        .toList());
        return shown;
    }

    private static Map<String, @Nullable Object> show(GuardView guard) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("upstream", guard.upstream());
        if (!guard.circuit().isEmpty()) {
            Map<String, @Nullable Object> circuit = new LinkedHashMap<>();
            circuit.put("state", guard.circuit());
            circuit.put(
                    "since",
                    guard.since() == 0
                            ? null
                            : Instant.ofEpochMilli(guard.since()).toString());
            circuit.put("found_by", node(guard.finder()));
            shown.put("circuit", circuit);
        }
        shown.put("ejected", guard.ejected());
        return shown;
    }

    private static Map<String, @Nullable Object> show(TargetView target) {
        TargetAddress address = target.address();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("upstream", address.upstream());
        shown.put("target", address.target());
        shown.put("address", address.endpoint());
        shown.put("health", word(target.usable()));
        shown.put("verdict", target.verdict().map(ClusterHealthEndpoint::show).orElse(null));
        shown.put("own_opinion", target.own().name().toLowerCase(Locale.ROOT));
        shown.put("probed_by", node(target.owner()));
        shown.put("second", node(target.second()));
        shown.put("traffic", show(target.traffic()));
        shown.put("probes", show(target.probes()));
        shown.put("last_probe", target.lastProbe());
        return shown;
    }

    private static @Nullable String node(long id) {
        return id == 0 ? null : NodeId.show(id);
    }

    private static String word(boolean up) {
        return up ? "HEALTHY" : "UNHEALTHY";
    }

    private static Map<String, Object> show(Verdict verdict) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("health", word(verdict.up()));
        shown.put("reason", verdict.cause().name().toLowerCase(Locale.ROOT));
        shown.put("found_by", NodeId.show(verdict.finder()));
        shown.put("since", Instant.ofEpochMilli(verdict.since()).toString());
        shown.put("detail", verdict.detail());
        return shown;
    }

    private static Map<String, Object> show(Evidence evidence) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("successes", evidence.successes());
        shown.put("tcp_failures", evidence.tcpFailures());
        shown.put("timeouts", evidence.timeouts());
        shown.put("http_failures", evidence.httpFailures());
        shown.put("connect_timeouts", evidence.connectTimeouts());
        return shown;
    }
}
