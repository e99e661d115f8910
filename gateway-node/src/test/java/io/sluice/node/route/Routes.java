package io.sluice.node.route;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.Route.PathHandling;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds the routes of the router's tests; the number is the id's last part and the name. */
final class Routes {
    private final int number;
    private Set<Protocol> protocols = EnumSet.of(Protocol.HTTP, Protocol.HTTPS);
    private List<String> methods = List.of();
    private List<String> hosts = List.of();
    private List<String> paths = List.of();
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private List<String> snis = List.of();
    private List<Route.Endpoint> sources = List.of();
    private int regexPriority;
    private boolean strip = true;
    private PathHandling handling = PathHandling.V0;
    private long createdAt = 1;
    private @Nullable UUID service;
    private @Nullable UUID id;

    private Routes(int number) {
        this.number = number;
    }

    static Routes route(int number) {
        return new Routes(number);
    }

    static Service service(UUID id, @Nullable String path, boolean enabled) {
        return new Service(
                id,
                "s",
                Protocol.HTTP,
                "up",
                80,
                path,
                5,
                1,
                1,
                1,
                null,
                null,
                null,
                List.of(),
                enabled,
                List.of(),
                1,
                1);
    }

    static RoutingTable table(RouterFlavor flavor, Routes... routes) {
        var built = new ArrayList<Route>();
        for (Routes route : routes) {
            built.add(route.build());
        }
        return RoutingTable.build(built, Map.of(), flavor);
    }

    /** The name of the matched route, or "-". */
    static String found(RoutingTable table, RouteRequest request) {
        RouteMatch match = table.find(request);
        return match == null ? "-" : String.valueOf(match.route().name());
    }

    Routes protocols(Protocol... all) {
        protocols = Set.of(all);
        return this;
    }

    Routes methods(String... all) {
        methods = List.of(all);
        return this;
    }

    Routes hosts(String... all) {
        hosts = List.of(all);
        return this;
    }

    Routes paths(String... all) {
        paths = List.of(all);
        return this;
    }

    Routes header(String name, String... values) {
        headers.put(name, List.of(values));
        return this;
    }

    Routes snis(String... all) {
        snis = List.of(all);
        return this;
    }

    Routes sources(Route.Endpoint... all) {
        sources = List.of(all);
        return this;
    }

    Routes regexPriority(int priority) {
        regexPriority = priority;
        return this;
    }

    Routes strip(boolean wanted) {
        strip = wanted;
        return this;
    }

    Routes handling(PathHandling wanted) {
        handling = wanted;
        return this;
    }

    Routes createdAt(long seconds) {
        createdAt = seconds;
        return this;
    }

    Routes service(UUID wanted) {
        service = wanted;
        return this;
    }

    Routes id(String wanted) {
        id = UUID.fromString(wanted);
        return this;
    }

    Route build() {
        return new Route(
                id == null ? new UUID(0x1111_4000L, 0x8000_0000_0000_0000L | number) : id,
                Integer.toString(number),
                service,
                protocols,
                methods,
                hosts,
                paths,
                Map.copyOf(headers),
                snis,
                sources,
                List.of(),
                regexPriority,
                strip,
                handling,
                false,
                426,
                true,
                true,
                List.of(),
                createdAt,
                1);
    }
}
