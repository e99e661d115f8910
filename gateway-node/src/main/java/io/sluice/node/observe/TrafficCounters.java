package io.sluice.node.observe;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Timings;
import io.sluice.node.plugin.LimitTally;
import io.sluice.node.plugin.Response;
import io.sluice.node.plugin.TrafficMetrics;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges by service and route (and consumer). The series of a route is found by the route's id and prepared before;
 * counting is a few additions to this thread's row. Series are bounded: those of routes and consumers that are gone end with
 * {@link #keepOnly}, and beyond {@value #MOST_SERIES} nothing new is counted but the loss. Thread-safe.
 */
public final class TrafficCounters implements TrafficMetrics {

    private static final int MOST_SERIES = 100_000;

    private final ConcurrentHashMap<UUID, Bound> byRoute = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RouteLabels, TrafficSeries> byLabels = new ConcurrentHashMap<>();
    private final AtomicInteger seriesCount = new AtomicInteger();
    private final LongAdder lost = new LongAdder();
    private final LimitTallies limits = new LimitTallies();
    private volatile boolean upstreamHealth;

    @Override
    public void count(Exchange exchange, Detail detail) {
        Optional<Route> route = exchange.route();
        if (route.isEmpty()) {
            return;
        }
        TrafficSeries series = series(route.get(), exchange.service().orElse(null));
        if (series == null) {
            lost.increment();
            return;
        }
        if (detail.latency()) {
            Timings timings = exchange.timings();
            series.latencies(timings.gateway(), timings.upstream(), timings.total());
        }
        if (detail.statusCode() || detail.bandwidth()) {
            ConsumerSeries consumer = series.everybody();
            if (detail.perConsumer() && exchange.consumer().isPresent()) {
                consumer = consumer(series, exchange.consumer().get());
            }
            if (detail.statusCode()) {
                Response response = exchange.response();
                consumer.status(response.status(), response.source());
            }
            if (detail.bandwidth()) {
                consumer.bandwidth(
                        exchange.request().size(), exchange.response().size());
            }
        }
    }

    @Override
    public void exportUpstreamHealth(boolean on) {
        upstreamHealth = on;
    }

    @Override
    public LimitTally limits(PluginConfig plugin) {
        return limits.of(plugin);
    }

    /** What limits decided, for the page. */
    LimitTallies limits() {
        return limits;
    }

    /** Whether the health of upstream targets is to be exported. */
    public boolean exportsUpstreamHealth() {
        return upstreamHealth;
    }

    /** Ends the series of routes, consumers and limits that are not in the new configuration. */
    public void keepOnly(GatewayConfig config) {
        limits.keepOnly(config);
        Map<UUID, Service> services = new HashMap<>();
        config.services().forEach(service -> services.put(service.id(), service));
        Set<UUID> routes = new HashSet<>();
        Set<RouteLabels> labels = new HashSet<>();
        for (Route route : config.routes()) {
            routes.add(route.id());
            labels.add(RouteLabels.of(route, route.service() == null ? null : services.get(route.service())));
        }
        Set<String> consumers = new HashSet<>();
        config.consumers().forEach(consumer -> consumers.add(ConsumerSeries.label(consumer)));
        byRoute.keySet().removeIf(id -> !routes.contains(id));
        byRoute.values().removeIf(bound -> !labels.contains(bound.series().labels()));
        byLabels.values().removeIf(series -> !labels.contains(series.labels()) && gone(series));
        byLabels.values().forEach(series -> seriesCount.addAndGet(-series.keepOnly(consumers)));
    }

    /** Samples that could not be counted because there are too many series. */
    long lost() {
        return lost.sum();
    }

    /** Every series, in the order of its labels. */
    List<TrafficSeries> series() {
        return byLabels.values().stream()
                .sorted(Comparator.comparing(
                                (TrafficSeries series) -> series.labels().service())
                        .thenComparing(series -> series.labels().route()))
                .toList();
    }

    private boolean gone(TrafficSeries series) {
        seriesCount.addAndGet(-series.size());
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // another instance is another revision: its labels are looked at again
    private @Nullable TrafficSeries series(Route route, @Nullable Service service) {
        Bound bound = byRoute.get(route.id());
        if (bound != null && bound.route() == route && bound.service() == service) {
            return bound.series();
        }
        return bind(route, service);
    }

    /** A route seen for the first time, or in a new revision, where its labels may be others. */
    private @Nullable TrafficSeries bind(Route route, @Nullable Service service) {
        RouteLabels labels = RouteLabels.of(route, service);
        TrafficSeries series = byLabels.get(labels);
        if (series == null) {
            if (seriesCount.incrementAndGet() > MOST_SERIES) {
                seriesCount.decrementAndGet();
                return null;
            }
            TrafficSeries fresh = new TrafficSeries(labels);
            series = byLabels.putIfAbsent(labels, fresh);
            if (series == null) {
                series = fresh;
            } else {
                seriesCount.decrementAndGet();
            }
        }
        byRoute.put(route.id(), new Bound(route, service, series));
        return series;
    }

    private ConsumerSeries consumer(TrafficSeries series, Consumer consumer) {
        ConsumerSeries known = series.find(consumer);
        if (known != null) {
            return known;
        }
        if (seriesCount.incrementAndGet() > MOST_SERIES) {
            seriesCount.decrementAndGet();
            lost.increment();
            return series.everybody();
        }
        if (!series.add(consumer)) {
            seriesCount.decrementAndGet();
        }
        ConsumerSeries added = series.find(consumer);
        return added == null ? series.everybody() : added;
    }

    private record Bound(Route route, @Nullable Service service, TrafficSeries series) {}

    /** The labels of a route's series: names, or host and id where there is no name; an empty service for none. */
    record RouteLabels(String service, String route) {

        static RouteLabels of(Route route, @Nullable Service service) {
            String serviceName = service == null ? "" : service.name() == null ? service.host() : service.name();
            return new RouteLabels(
                    serviceName, route.name() == null ? route.id().toString() : route.name());
        }
    }
}
