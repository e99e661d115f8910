package io.sluice.loadtest;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Route.PathHandling;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sets of routes as large gateways have them, and requests that spread evenly over them; every tenth finds nothing. */
enum RoutingMixture {
    /** A tenth of the hosts are wildcards; four prefixes each, one of them for POST only. */
    HOSTS("many hosts, four paths each") {
        @Override
        Route route(int i) {
            int host = i / 4;
            String name = "tenant-" + host + ".apps.example.com";
            return of(
                    i,
                    i % 4 == 3 ? List.of("POST") : List.of(),
                    List.of(host % 10 == 0 ? "*." + name : name),
                    List.of(PREFIXES_OF_A_HOST[i % 4]),
                    Map.of(),
                    List.of());
        }

        @Override
        SampleRequest request(Random random, int routes) {
            int i = random.nextInt(routes);
            int host = i / 4;
            String name = "tenant-" + host + ".apps.example.com";
            String asked = random.nextInt(10) == 0 ? "none." + host + ".example.org" : name;
            String path = PREFIXES_OF_A_HOST[i % 4] + "items/" + random.nextInt(1_000_000);
            return SampleRequest.get(host % 10 == 0 ? "www." + asked : asked, path);
        }
    },

    /** Nested prefixes of different depth below one host. */
    PREFIXES("one host, 100,000 prefixes") {
        @Override
        Route route(int i) {
            return of(i, List.of(), List.of("api.example.com"), List.of(prefix(i)), Map.of(), List.of());
        }

        @Override
        SampleRequest request(Random random, int routes) {
            boolean miss = random.nextInt(10) == 0;
            String rest = "/orders/" + random.nextInt(1_000_000);
            return SampleRequest.get("api.example.com", miss ? "/none" + rest : prefix(random.nextInt(routes)) + rest);
        }

        private static String prefix(int i) {
            int parent = i / 10;
            return i % 10 == 0 ? "/service-" + parent : "/service-" + parent + "/v1/resource-" + i % 10;
        }
    },

    /**
     * Of ten routes four are what an ingress controller writes for a prefix and an exact path, two are patterns with groups,
     * two differ by a header only, one by server name, one by method.
     */
    MIXED("ingress pairs, patterns, headers, server names, methods") {
        @Override
        Route route(int i) {
            int app = i / 10;
            List<String> host = List.of("app-" + app % 500 + ".example.com");
            return switch (i % 10) {
                case 0, 1, 2, 3 ->
                    of(i, List.of(), host, List.of("/app-" + i + "/", "~/app-" + i + "$"), Map.of(), List.of());
                case 4, 5 ->
                    of(
                            i,
                            List.of(),
                            host,
                            List.of("~/users-" + i + "/(?<id>\\d+)/(orders|carts)$"),
                            Map.of(),
                            List.of());
                case 6, 7 ->
                    of(i, List.of(), List.of(), List.of("/"), Map.of("x-tenant", List.of("tenant-" + i)), List.of());
                case 8 ->
                    of(i, List.of(), List.of(), List.of("/secure/"), Map.of(), List.of("sni-" + i + ".example.com"));
                default -> of(i, List.of("PUT", "PATCH"), host, List.of("/app-" + i), Map.of(), List.of());
            };
        }

        @Override
        SampleRequest request(Random random, int routes) {
            int i = random.nextInt(routes / 10) * 10 + random.nextInt(10);
            String host = "app-" + i / 10 % 500 + ".example.com";
            if (random.nextInt(10) == 0) {
                return SampleRequest.get(host, "/none/" + i);
            }
            return switch (i % 10) {
                case 0, 1 -> SampleRequest.get(host, "/app-" + i + "/index.html");
                case 2, 3 -> SampleRequest.get(host, "/app-" + i);
                case 4, 5 -> SampleRequest.get(host, "/users-" + i + "/" + random.nextInt(1_000_000) + "/orders");
                case 6, 7 -> new SampleRequest("GET", host, "/", "x-tenant", List.of("tenant-" + i), null);
                case 8 -> new SampleRequest("GET", host, "/secure/x", "", List.of(), "sni-" + i + ".example.com");
                default -> new SampleRequest("PUT", host, "/app-" + i + "/x", "", List.of(), null);
            };
        }
    };

    private static final String[] PREFIXES_OF_A_HOST = {"/", "/api/", "/api/v2/", "/static/"};

    private final String description;

    RoutingMixture(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    List<Route> routes(int count) {
        var routes = new ArrayList<Route>(count);
        for (int i = 0; i < count; i++) {
            routes.add(route(i));
        }
        return routes;
    }

    SampleRequest[] requests(int count, int routes) {
        var random = new Random(42);
        var requests = new SampleRequest[count];
        for (int i = 0; i < count; i++) {
            requests[i] = request(random, routes);
        }
        return requests;
    }

    abstract Route route(int i);

    abstract SampleRequest request(Random random, int routes);

    private static Route of(
            int i,
            List<String> methods,
            List<String> hosts,
            List<String> paths,
            Map<String, List<String>> headers,
            List<String> snis) {
        UUID id = new UUID(0x9E3779B97F4A7C15L * (i + 1) & ~0xF000L | 0x4000L, 0x8000_0000_0000_0000L | i);
        @Nullable UUID none = null;
        return new Route(
                id,
                "route-" + i,
                none,
                EnumSet.of(Protocol.HTTP, Protocol.HTTPS),
                methods,
                hosts,
                paths,
                headers,
                snis,
                List.of(),
                List.of(),
                0,
                true,
                PathHandling.V0,
                false,
                426,
                true,
                true,
                List.of(),
                i,
                i);
    }
}
