package io.sluice.node.admin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** A small configuration made through the schemas: what is left out gets its default. */
final class ConfigFixture {

    static final UUID SERVICE = new UUID(1, 1);
    static final UUID ROUTE = new UUID(2, 1);
    static final UUID UPSTREAM = new UUID(3, 1);
    static final UUID CONSUMER = new UUID(4, 1);
    static final String HASH = "1234567890abcdef1234567890abcdef";

    private ConfigFixture() {}

    /** One service with a route, one upstream with two targets, one consumer. */
    static GatewayConfig small() {
        Service service =
                make(EntityKind.SERVICE, SERVICE, Map.of("name", "echo", "host", "up", "tags", List.of("a", "b")));
        Route route = make(
                EntityKind.ROUTE,
                ROUTE,
                Map.of("name", "r", "paths", List.of("/x"), "service", Map.of("id", SERVICE.toString())));
        Upstream upstream = make(EntityKind.UPSTREAM, UPSTREAM, Map.of("name", "up"));
        Consumer consumer = make(EntityKind.CONSUMER, CONSUMER, Map.of("username", "jo", "custom_id", "42"));
        return config(
                List.of(service), List.of(route), List.of(consumer), List.of(upstream), List.of(target(1), target(2)));
    }

    /** The same and an upstream with health checks, of which one target's name has no address. */
    static GatewayConfig checked() {
        GatewayConfig small = small();
        UUID id = new UUID(3, 2);
        Upstream shop = make(
                EntityKind.UPSTREAM,
                id,
                Map.of(
                        "name",
                        "shop",
                        "healthchecks",
                        Map.of("passive", Map.of("unhealthy", Map.of("tcp_failures", 1L)))));
        List<Target> targets = new ArrayList<>(small.targets());
        for (String target : List.of("127.0.0.1:9001", "127.0.0.1:9002", "nowhere.test:80")) {
            targets.add(make(
                    EntityKind.TARGET,
                    new UUID(6, targets.size()),
                    Map.of("target", target, "upstream", Map.of("id", id.toString()))));
        }
        List<Upstream> upstreams = new ArrayList<>(small.upstreams());
        upstreams.add(shop);
        return config(small.services(), small.routes(), small.consumers(), upstreams, targets);
    }

    /** Services s0, s1, ... */
    static GatewayConfig services(int count) {
        List<Service> services = IntStream.range(0, count)
                .<Service>mapToObj(i ->
                        make(EntityKind.SERVICE, new UUID(1, i), Map.of("name", "s" + i, "host", "h", "tags", tags(i))))
                .toList();
        return config(services, List.of(), List.of(), List.of(), List.of());
    }

    private static List<String> tags(int number) {
        List<String> tags = new ArrayList<>(List.of("all"));
        tags.add(number % 2 == 0 ? "even" : "odd");
        return tags;
    }

    private static Target target(int number) {
        return make(
                EntityKind.TARGET,
                new UUID(5, number),
                Map.of("target", "127.0.0.1:900" + number, "upstream", Map.of("id", UPSTREAM.toString())));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Entity> E make(EntityKind kind, UUID id, Map<String, Object> fields) {
        Map<String, Object> given = new LinkedHashMap<>(fields);
        given.put("id", id.toString());
        given.put("created_at", 1L);
        given.put("updated_at", 1L);
        var checked = kind.schemaFor(given).check(kind.expand(given, new LinkedHashMap<>()));
        if (!checked.ok()) {
            throw new IllegalStateException(String.valueOf(checked.error()));
        }
        return (E) kind.decode((Map<String, Object>) checked.value());
    }

    private static GatewayConfig config(
            List<Service> services,
            List<Route> routes,
            List<Consumer> consumers,
            List<Upstream> upstreams,
            List<Target> targets) {
        return new GatewayConfig(
                HASH, services, routes, consumers, List.of(), List.of(), List.of(), upstreams, targets, List.of(),
                List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
