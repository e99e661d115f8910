package io.sluice.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.guard.Guards;
import io.sluice.node.guard.Outcome;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.Exchange.Timings;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.TrafficMetrics.Detail;
import io.sluice.node.tls.CertificateView;
import io.sluice.state.health.Cause;
import io.sluice.state.health.HealthChange;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.limit.KeyBudget;
import io.sluice.state.limit.LaneCounters;
import io.sluice.state.limit.crdt.LimitCounts;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import io.sluice.state.wire.NodeId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    private static final Detail ALL = new Detail(true, true, true, true, true);
    private static final Detail NO_CONSUMER = new Detail(false, true, false, true, false);

    private final TrafficCounters traffic = new TrafficCounters();
    private final List<TargetHealth> targets = new ArrayList<>();
    private final HealthEvents health = new HealthEvents();
    private final Guards guards = Guards.alone();
    private final MetricsPage page = new MetricsPage(
            "n-1",
            "3.9.1",
            new Connections(),
            () -> targets,
            () -> 2,
            () -> 5,
            traffic,
            this::limits,
            health,
            guards::all,
            new CertificateGauges(() -> CertificateView.EMPTY, InstantSource.system()),
            () -> 3);

    @Test
    void tellsAboutTheNodeEvenBeforeAnyTraffic() {
        assertThat(lines())
                .contains(
                        "kong_datastore_reachable 1",
                        "kong_node_info{node_id=\"n-1\",version=\"3.9.1\"} 1",
                        "kong_nginx_metric_errors_total 0",
                        "sluice_dns_failures_total 3",
                        "kong_nginx_timers{state=\"pending\"} 5",
                        "kong_nginx_timers{state=\"running\"} 2",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"accepted\"} 1",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"active\"} 4",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"handled\"} 2",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"reading\"} 5",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"total\"} 3",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"waiting\"} 7",
                        "kong_nginx_connections_total{node_id=\"n-1\",subsystem=\"http\",state=\"writing\"} 6",
                        "kong_nginx_requests_total{node_id=\"n-1\",subsystem=\"http\"} 3");
        assertThat(lines()).anyMatch(line -> line.startsWith("kong_memory_workers_lua_vms_bytes{node_id=\"n-1\",pid="));
        assertThat(lines()).anyMatch(line -> line.startsWith("kong_memory_lua_shared_dict_bytes{node_id=\"n-1\","));
        assertThat(lines()).noneMatch(line -> line.startsWith("kong_http_requests_total"));
    }

    private LimitCounts limits() {
        return new LimitCounts(
                new LaneCounters(),
                new KeyBudget(17),
                3,
                4,
                6,
                8,
                5,
                7,
                11,
                12,
                13,
                new Durability(true, Optional.of("disk full")));
    }

    private static Upstream guarded() {
        return new Upstream(
                UUID.randomUUID(),
                "u",
                Upstream.Algorithm.ROUND_ROBIN,
                10_000,
                Upstream.HashOn.NONE,
                Upstream.HashOn.NONE,
                Map.of(),
                null,
                null,
                false,
                Map.of(),
                new UpstreamOptions(
                        0,
                        0,
                        null,
                        new UpstreamOptions.RetryBudget(0, 0),
                        new UpstreamOptions.CircuitBreaker(50, 1, 10, 30, 1),
                        new UpstreamOptions.OutlierEjection(1, 30, 100),
                        new UpstreamOptions.Hedging(50, 10)),
                List.of(),
                0,
                0);
    }

    @Test
    void tellsWhatGuardsOfUpstreamsDo() {
        assertThat(lines()).noneMatch(line -> line.contains("sluice_upstream_circuit"));
        UpstreamGuard guard = guards.open(guarded());
        long now = System.nanoTime();
        guard.retries().retry(now);
        guard.circuit().ended(guard.circuit().enter(now), Outcome.FAILURE, now);
        guard.circuit().enter(now);
        guard.hedges().take(now); // the circuit is open
        guard.outliers().failed(guard.outliers().of(List.of("a", "b")), 1, now);

        assertThat(lines())
                .contains(
                        "# TYPE sluice_upstream_circuit_state gauge",
                        "sluice_upstream_retries_refused_total{upstream=\"u\"} 1",
                        "sluice_upstream_circuit_state{upstream=\"u\"} 2",
                        "sluice_upstream_circuit_opened_total{upstream=\"u\"} 1",
                        "sluice_upstream_circuit_refused_total{upstream=\"u\"} 1",
                        "sluice_upstream_targets_ejected{upstream=\"u\"} 1",
                        "sluice_upstream_ejections_total{upstream=\"u\"} 1",
                        "sluice_upstream_hedges_total{upstream=\"u\"} 0",
                        "sluice_upstream_hedges_won_total{upstream=\"u\"} 0",
                        "sluice_upstream_hedges_refused_total{upstream=\"u\"} 1");
        guard.close();
        assertThat(lines()).noneMatch(line -> line.contains("sluice_upstream_circuit"));
    }

    @Test
    void countsWhoFoundWhatOfTargets() {
        TargetAddress address = new TargetAddress("shop", "a.test:80", "10.0.0.1", 80);
        health.accept(new HealthChange(address, false, true, Cause.TRAFFIC_REFUSED, 7, 1, "Connection refused"));
        health.accept(new HealthChange(address, false, true, Cause.TRAFFIC_REFUSED, 7, 2, "Connection refused"));
        health.accept(new HealthChange(address, true, true, Cause.MANUAL, 8, 3, ""));

        assertThat(lines())
                .contains(
                        change("shop", "unhealthy", "traffic_refused", 7) + " 2",
                        change("shop", "healthy", "manual", 8) + " 1");

        assertThat(lines())
                .filteredOn(line -> line.startsWith("sluice_upstream_target_changed_timestamp_seconds{"))
                .singleElement()
                .asString()
                .contains("address=\"10.0.0.1:80\",state=\"healthy\",reason=\"manual\"")
                .endsWith(" 0.003");

        health.keepOnly(Map.of("shop", Set.of("b.test:80")));

        assertThat(lines()).noneMatch(line -> line.matches("sluice_upstream_target_change.*[{].*"));
    }

    private static String change(String upstream, String state, String reason, long node) {
        return "sluice_upstream_target_changes_total{upstream=\"" + upstream + "\",target=\"a.test:80\",state=\""
                + state + "\",reason=\"" + reason + "\",node=\"" + NodeId.show(node) + "\"}";
    }

    @Test
    void tellsWhatLimitsOverAllNodesDoAndCost() {
        assertThat(lines())
                .contains(
                        "# TYPE sluice_cluster_limits_admitted_total counter",
                        "sluice_cluster_limits_admitted_total 0",
                        "sluice_cluster_limits_denied_total 0",
                        "sluice_cluster_limits_parked_total 0",
                        "sluice_cluster_limits_overdrawn_total 0",
                        "sluice_cluster_limits_owed 0",
                        "sluice_cluster_limits_bytes_total{lane=\"slow\",direction=\"sent\"} 12",
                        "sluice_cluster_limits_transfers_total{direction=\"given\"} 0",
                        "sluice_cluster_limits_messages_total{direction=\"received\"} 3",
                        "sluice_cluster_limits_messages_total{direction=\"dropped\"} 4",
                        "sluice_cluster_unreadable_total 6",
                        "sluice_cluster_refused_connections_total 8",
                        "sluice_cluster_limits_ledger_rows 5",
                        "sluice_cluster_limits_bytes_total{lane=\"fast\",direction=\"sent\"} 7",
                        "sluice_cluster_limits_bytes_total{lane=\"fast\",direction=\"received\"} 11",
                        "sluice_cluster_limits_bytes_total{lane=\"slow\",direction=\"received\"} 13",
                        "sluice_cluster_limits_store_degraded 1",
                        "# TYPE sluice_limit_keys gauge",
                        "sluice_limit_keys 0",
                        "sluice_limit_keys_most 17",
                        "sluice_limit_keys_exceeded_total 0");
    }

    @Test
    void tellsTheLongestRoundOfEachLoopInSeconds() {
        assertThat(lines())
                .contains(
                        "# TYPE sluice_event_loop_longest_round_seconds gauge",
                        "sluice_event_loop_longest_round_seconds{loop=\"0\"} 0.25",
                        "sluice_event_loop_longest_round_seconds{loop=\"1\"} 0.0");
    }

    @Test
    void countsByServiceRouteCodeSourceAndConsumer() {
        traffic.count(served("s", "r", 200).consumer(ConfigFixture.consumer("ann")), ALL);
        traffic.count(served("s", "r", 200).consumer(ConfigFixture.consumer("ann")), NO_CONSUMER);
        traffic.count(served("s", "r", 404), ALL);
        traffic.count(served("t", "q", 200), ALL);

        assertThat(lines())
                .contains(
                        requests("s", "r", 200, "ann") + " 1",
                        requests("s", "r", 200, "") + " 1",
                        requests("s", "r", 404, "") + " 1",
                        requests("t", "q", 200, "") + " 1");
    }

    @Test
    void countsOnlyWhatTheConfigurationAsksFor() {
        traffic.count(served("s", "r", 200), new Detail(false, false, false, false, false));

        assertThat(lines()).noneMatch(line -> line.contains("service=\"s\""));
    }

    @Test
    void tellsWhatLimitsDecidedAsLongAsTheyAreConfigured() {
        var plugin = ConfigFixture.plugin("rate-limiting", Map.of());
        var labels = "{plugin=\"rate-limiting\",id=\"" + plugin.id() + "\"} ";
        assertThat(lines()).noneMatch(line -> line.contains("sluice_rate_limiting"));

        var tally = traffic.limits(plugin);
        tally.admit();
        tally.admit();
        tally.deny();
        tally.park();
        tally.denyInDryRun();

        assertThat(traffic.limits(plugin)).isSameAs(tally);
        assertThat(lines())
                .contains(
                        "# TYPE sluice_rate_limiting_admitted_total counter",
                        "sluice_rate_limiting_admitted_total" + labels + "2",
                        "sluice_rate_limiting_denied_total" + labels + "1",
                        "sluice_rate_limiting_parked_total" + labels + "1",
                        "sluice_rate_limiting_dry_run_denied_total" + labels + "1");
        traffic.keepOnly(GatewayConfig.EMPTY);
        assertThat(lines()).noneMatch(line -> line.contains("sluice_rate_limiting"));
    }

    @Test
    void doesNotCountRequestsWithoutARoute() {
        traffic.count(ExchangeFixture.get("/").responds(404), ALL);

        assertThat(lines()).noneMatch(line -> line.startsWith("kong_http_requests_total"));
    }

    @Test
    void namesAServiceByItsHostAndARouteByItsIdIfTheyHaveNoName() {
        var service = ConfigFixture.service("s");
        var unnamed = new io.sluice.state.model.Service(
                service.id(),
                null,
                service.protocol(),
                service.host(),
                service.port(),
                null,
                5,
                1,
                1,
                1,
                null,
                null,
                null,
                List.of(),
                true,
                List.of(),
                0,
                0);

        traffic.count(
                ExchangeFixture.get("/")
                        .route(ConfigFixture.route("r", "s"))
                        .service(unnamed)
                        .responds(200),
                ALL);

        assertThat(lines()).contains(requests("s.internal", "r", 200, "") + " 1");
    }

    @Test
    void histogramsAreCumulativeInKongsBuckets() {
        traffic.count(served("s", "r", 200).timings(new Timings(1, 25, 60_001, 0)), ALL);
        traffic.count(served("s", "r", 200).timings(new Timings(16, -1, 26, 0)), ALL);

        var own = "{service=\"s\",route=\"r\",workspace=\"default\"";
        assertThat(lines())
                .contains(
                        "# TYPE kong_kong_latency_ms histogram",
                        "kong_kong_latency_ms_bucket" + own + ",le=\"1\"} 1",
                        "kong_kong_latency_ms_bucket" + own + ",le=\"15\"} 1",
                        "kong_kong_latency_ms_bucket" + own + ",le=\"20\"} 2",
                        "kong_kong_latency_ms_bucket" + own + ",le=\"6000\"} 2",
                        "kong_kong_latency_ms_bucket" + own + ",le=\"+Inf\"} 2",
                        "kong_kong_latency_ms_count" + own + "} 2",
                        "kong_kong_latency_ms_sum" + own + "} 17",
                        "kong_upstream_latency_ms_bucket" + own + ",le=\"25\"} 1",
                        "kong_upstream_latency_ms_count" + own + "} 1",
                        "kong_request_latency_ms_bucket" + own + ",le=\"25\"} 0",
                        "kong_request_latency_ms_bucket" + own + ",le=\"50\"} 1",
                        "kong_request_latency_ms_bucket" + own + ",le=\"60000\"} 1",
                        "kong_request_latency_ms_bucket" + own + ",le=\"+Inf\"} 2");
        assertThat(lines().stream().filter(line -> line.startsWith("kong_kong_latency_ms_bucket")))
                .hasSize(18);
        assertThat(lines().stream().filter(line -> line.startsWith("kong_request_latency_ms_bucket")))
                .hasSize(14);
    }

    @Test
    void countsBytesInBothDirections() {
        var exchange = served("s", "r", 200);

        traffic.count(exchange, ALL);
        traffic.count(exchange, ALL);

        assertThat(lines())
                .contains(
                        bandwidth("ingress") + " " + 2 * exchange.request().size(),
                        bandwidth("egress") + " " + 2 * exchange.response().size());
    }

    @Test
    void exportsUpstreamHealthOnlyIfAskedTo() {
        targets.add(new TargetHealth("u", "a.internal:80", "10.0.0.1:80", TargetHealth.State.UNHEALTHY));
        assertThat(lines()).noneMatch(line -> line.startsWith("kong_upstream_target_health"));

        traffic.exportUpstreamHealth(true);

        var own = "kong_upstream_target_health{upstream=\"u\",target=\"a.internal:80\",address=\"10.0.0.1:80\",state=";
        assertThat(lines())
                .contains(
                        own + "\"healthchecks_off\",subsystem=\"http\"} 0",
                        own + "\"healthy\",subsystem=\"http\"} 0",
                        own + "\"unhealthy\",subsystem=\"http\"} 1",
                        own + "\"dns_error\",subsystem=\"http\"} 0");
    }

    @Test
    void escapesLabelValues() {
        var consumer = new Consumer(ConfigFixture.id("x"), "a\"b\\c\nd", null, List.of(), List.of(), 0, 0);

        traffic.count(served("s", "r", 200).consumer(consumer), ALL);

        assertThat(lines()).contains(requests("s", "r", 200, "a\\\"b\\\\c\\nd") + " 1");
    }

    @Test
    void endsTheSeriesOfRoutesAndConsumersThatAreGone() {
        var ann = ConfigFixture.consumer("ann");
        var bob = ConfigFixture.consumer("bob");
        traffic.count(served("s", "r", 200).consumer(ann), ALL);
        traffic.count(served("s", "r", 200).consumer(bob), ALL);
        traffic.count(served("t", "q", 200), ALL);

        traffic.keepOnly(ConfigFixture.config()
                .with(ConfigFixture.service("s"))
                .with(ConfigFixture.route("r", "s"))
                .with(bob)
                .build());

        assertThat(lines()).contains(requests("s", "r", 200, "bob") + " 1");
        assertThat(lines()).noneMatch(line -> line.contains("ann") || line.contains("service=\"t\""));
        traffic.keepOnly(GatewayConfig.EMPTY);
        assertThat(lines()).noneMatch(line -> line.contains("service=\"s\""));
    }

    @Test
    void boundsTheNumberOfSeriesAndCountsTheLoss() {
        for (int i = 0; i < 100_010; i++) {
            traffic.count(served("s", "r", 200).consumer(ConfigFixture.consumer("c" + i)), ALL);
        }

        assertThat(lines()).contains("kong_nginx_metric_errors_total 11", requests("s", "r", 200, "") + " 11");
    }

    @Test
    void threadsDoNotLoseCounts() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            var thread = new Thread(() -> {
                var exchange = served("s", "r", 200).timings(new Timings(3, 3, 3, 0));
                for (int i = 0; i < 20_000; i++) {
                    traffic.count(exchange, ALL);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(lines())
                .contains(
                        requests("s", "r", 200, "") + " 160000",
                        "kong_kong_latency_ms_count{service=\"s\",route=\"r\",workspace=\"default\"} 160000",
                        "kong_kong_latency_ms_sum{service=\"s\",route=\"r\",workspace=\"default\"} 480000");
    }

    private List<String> lines() {
        return new String(page.render(), StandardCharsets.UTF_8).lines().toList();
    }

    private static ExchangeFixture served(String service, String route, int status) {
        return ExchangeFixture.get("/")
                .service(ConfigFixture.service(service))
                .route(ConfigFixture.route(route, service))
                .responds(status, "X-Some", "thing");
    }

    private static String requests(String service, String route, int code, String consumer) {
        return "kong_http_requests_total{service=\"" + service + "\",route=\"" + route + "\",code=\"" + code
                + "\",source=\"service\",workspace=\"default\",consumer=\"" + consumer + "\"}";
    }

    private static String bandwidth(String direction) {
        return "kong_bandwidth_bytes{service=\"s\",route=\"r\",direction=\"" + direction
                + "\",workspace=\"default\",consumer=\"\"}";
    }

    private static final class Connections implements ConnectionGauges {
        @Override
        public long accepted() {
            return 1;
        }

        @Override
        public long handled() {
            return 2;
        }

        @Override
        public long requests() {
            return 3;
        }

        @Override
        public long active() {
            return 4;
        }

        @Override
        public long reading() {
            return 5;
        }

        @Override
        public long writing() {
            return 6;
        }

        @Override
        public long waiting() {
            return 7;
        }

        @Override
        public List<Long> longestRounds() {
            return List.of(250_000_000L, 0L);
        }
    }
}
