package io.sluice.node.observe;

import io.sluice.node.guard.UpstreamGuard;
import io.sluice.node.observe.TargetHealth.State;
import io.sluice.state.limit.crdt.LimitCounts;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What {@code GET /metrics} answers: Kong's metric families in Prometheus' text format. Node-level families are always there,
 * those of traffic once something was counted. Thread-safe.
 */
public final class MetricsPage {

    /** The Content-Type of the page. */
    public static final String CONTENT_TYPE = "text/plain; charset=UTF-8";

    private static final String SUBSYSTEM = "http";

    private final String nodeId;
    private final String version;
    private final ConnectionGauges connections;
    private final Supplier<List<TargetHealth>> upstreams;
    private final IntSupplier timersRunning;
    private final IntSupplier timersPending;
    private final TrafficCounters traffic;
    private final Supplier<LimitCounts> limits;
    private final HealthEvents health;
    private final Supplier<List<UpstreamGuard>> guards;
    private final CertificateGauges certificates;
    private final LongSupplier nameFailures;

    /**
     * A page over these sources, which are asked at every scrape.
     *
     * @param version the version the node reports
     * @param upstreams asked only if a configuration of the prometheus plugin wants it
     * @param timersRunning background jobs that run now
     * @param timersPending background jobs that wait for their time
     * @param limits what limits over all nodes have done here
     * @param health what was found of targets
     * @param guards those of upstreams that have any
     * @param certificates those of the live configuration
     * @param nameFailures look-ups of host names that gave no address
     */
    public MetricsPage(
            String nodeId,
            String version,
            ConnectionGauges connections,
            Supplier<List<TargetHealth>> upstreams,
            IntSupplier timersRunning,
            IntSupplier timersPending,
            TrafficCounters traffic,
            Supplier<LimitCounts> limits,
            HealthEvents health,
            Supplier<List<UpstreamGuard>> guards,
            CertificateGauges certificates,
            LongSupplier nameFailures) {
        this.nodeId = nodeId;
        this.version = version;
        this.connections = connections;
        this.upstreams = upstreams;
        this.timersRunning = timersRunning;
        this.timersPending = timersPending;
        this.traffic = traffic;
        this.limits = limits;
        this.health = health;
        this.guards = guards;
        this.certificates = certificates;
        this.nameFailures = nameFailures;
    }

    /** The page as of now, UTF-8. */
    public byte[] render() {
        MetricsText text = new MetricsText();
        node(text);
        connections(text);
        names(text);
        memory(text);
        if (traffic.exportsUpstreamHealth()) {
            upstreams(text);
        }
        health.write(text);
        traffic(text);
        traffic.limits().write(text);
        ClusterLimitsText.write(limits.get(), text);
        GuardsText.write(guards.get(), text, System.nanoTime());
        certificates.write(text);
        return text.bytes();
    }

    private void node(MetricsText text) {
        text.family("kong_datastore_reachable", "gauge", "Datastore reachable from Kong, 0 is unreachable")
                .sample("kong_datastore_reachable", "", 1);
        text.family("kong_node_info", "gauge", "Kong Node metadata information")
                .sample("kong_node_info", MetricsText.labels("node_id", nodeId, "version", version), 1);
        text.family("kong_nginx_metric_errors_total", "counter", "Number of samples lost to the limit on series")
                .sample("kong_nginx_metric_errors_total", "", traffic.lost());
        text.family("kong_nginx_timers", "gauge", "Number of background timers")
                .sample("kong_nginx_timers", MetricsText.labels("state", "pending"), timersPending.getAsInt())
                .sample("kong_nginx_timers", MetricsText.labels("state", "running"), timersRunning.getAsInt());
    }

    private void names(MetricsText text) {
        String family = "sluice_dns_failures_total";
        text.family(family, "counter", "Look-ups of host names that failed or gave no address")
                .sample(family, "", nameFailures.getAsLong());
    }

    private void connections(MetricsText text) {
        text.family("kong_nginx_connections_total", "gauge", "Number of connections by subsystem");
        connection(text, "accepted", connections.accepted());
        connection(text, "active", connections.active());
        connection(text, "handled", connections.handled());
        connection(text, "reading", connections.reading());
        connection(text, "total", connections.requests());
        connection(text, "waiting", connections.waiting());
        connection(text, "writing", connections.writing());
        text.family("kong_nginx_requests_total", "gauge", "Number of requests total")
                .sample(
                        "kong_nginx_requests_total",
                        MetricsText.labels("node_id", nodeId, "subsystem", SUBSYSTEM),
                        connections.requests());
        String refused = "sluice_proxy_protocol_refused_total";
        text.family(refused, "counter", "Connections that did not begin with the PROXY protocol where that is spoken")
                .sample(refused, "", connections.prefacesRefused());
        text.family("sluice_websocket_sessions", "gauge", "WebSockets open now")
                .sample("sluice_websocket_sessions", "", connections.webSockets());
        String bytes = "sluice_websocket_bytes_total";
        text.family(bytes, "counter", "Bytes through WebSockets, those of open ones included")
                .sample(bytes, MetricsText.labels("direction", "ingress"), connections.webSocketBytesIn())
                .sample(bytes, MetricsText.labels("direction", "egress"), connections.webSocketBytesOut());
        loops(text);
    }

    private void loops(MetricsText text) {
        String family = "sluice_event_loop_longest_round_seconds";
        List<Long> rounds = connections.longestRounds();
        text.family(family, "gauge", "Longest time an event loop did not look at its sockets");
        for (int loop = 0; loop < rounds.size(); loop++) {
            text.sample(family, MetricsText.labels("loop", String.valueOf(loop)), rounds.get(loop) / 1e9);
        }
    }

    private void connection(MetricsText text, String state, long value) {
        String labels = MetricsText.labels("node_id", nodeId, "subsystem", SUBSYSTEM, "state", state);
        text.sample("kong_nginx_connections_total", labels, value);
    }

    /** Kong's names for the JVM's memory: a memory pool stands where Kong has a shared dictionary, the heap for its Lua VM. */
    private void memory(MetricsText text) {
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
        text.family("kong_memory_lua_shared_dict_bytes", "gauge", "Used bytes of a memory pool");
        pools.forEach(pool -> pool(
                text, "kong_memory_lua_shared_dict_bytes", pool, pool.getUsage().getUsed()));
        text.family("kong_memory_lua_shared_dict_total_bytes", "gauge", "Bytes a memory pool can hold");
        pools.forEach(pool -> pool(text, "kong_memory_lua_shared_dict_total_bytes", pool, capacity(pool.getUsage())));
        String labels = MetricsText.labels(
                "node_id", nodeId, "pid", String.valueOf(ProcessHandle.current().pid()), "kong_subsystem", SUBSYSTEM);
        text.family("kong_memory_workers_lua_vms_bytes", "gauge", "Used bytes of the heap")
                .sample(
                        "kong_memory_workers_lua_vms_bytes",
                        labels,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private void pool(MetricsText text, String family, MemoryPoolMXBean pool, long value) {
        String name = pool.getName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        text.sample(
                family, MetricsText.labels("node_id", nodeId, "shared_dict", name, "kong_subsystem", SUBSYSTEM), value);
    }

    private static long capacity(MemoryUsage usage) {
        return usage.getMax() < 0 ? usage.getCommitted() : usage.getMax();
    }

    private void upstreams(MetricsText text) {
        text.family(
                "kong_upstream_target_health",
                "gauge",
                "Health status of targets of upstream. States = healthchecks_off|healthy|unhealthy|dns_error, "
                        + "value is 1 when state is populated.");
        for (TargetHealth target : upstreams.get()) {
            for (State state : State.values()) {
                String labels = MetricsText.labels(
                        "upstream",
                        target.upstream(),
                        "target",
                        target.target(),
                        "address",
                        target.address(),
                        "state",
                        state.name().toLowerCase(Locale.ROOT),
                        "subsystem",
                        SUBSYSTEM);
                text.sample("kong_upstream_target_health", labels, state == target.state() ? 1 : 0);
            }
        }
    }

    private void traffic(MetricsText text) {
        List<TrafficSeries> all = traffic.series();
        text.family("kong_http_requests_total", "counter", "HTTP status codes per consumer/service/route in Kong");
        all.forEach(series -> series.writeStatuses(text, "kong_http_requests_total"));
        text.family("kong_bandwidth_bytes", "counter", "Total bandwidth (ingress/egress) throughput in bytes");
        all.forEach(series -> series.writeBandwidth(text, "kong_bandwidth_bytes"));
        latency(
                text,
                all,
                "kong_kong_latency_ms",
                "Latency added by Kong and enabled plugins for each service/route in Kong",
                TrafficSeries.GATEWAY);
        latency(
                text,
                all,
                "kong_upstream_latency_ms",
                "Latency added by upstream response for each service/route in Kong",
                TrafficSeries.UPSTREAM);
        latency(
                text,
                all,
                "kong_request_latency_ms",
                "Total latency incurred during requests for each service/route in Kong",
                TrafficSeries.TOTAL);
    }

    private static void latency(
            MetricsText text, List<TrafficSeries> all, String family, String help, Buckets buckets) {
        text.family(family, "histogram", help);
        all.forEach(series -> series.writeLatencies(text, family, buckets));
    }
}
