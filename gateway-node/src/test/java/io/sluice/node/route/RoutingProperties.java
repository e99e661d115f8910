package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The indexed table finds what trying all rules in order finds. */
class RoutingProperties {
    private static final List<String> HOSTS =
            List.of("a.x", "b.x", "a.b.x", "c.y", "*.x", "*.b.x", "a.*", "a.b.*", "*.y", "a.x:81", "*.x:81", "a.*:81");
    private static final List<String> PATHS = List.of(
            "/",
            "/a",
            "/a/",
            "/ab",
            "/a/b",
            "/a/b/c",
            "/b",
            "~/a/b$",
            "~/a/\\d+",
            "~/a/[ab]",
            "~/(a|b)/b",
            "~/.*/c",
            "~/a/b",
            "~/b|/a/b/c",
            "~/ab?");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT");
    private static final List<String> SNIS = List.of("a.x", "b.x", "*.x", "a.*");
    private static final List<String> HEADER_NAMES = List.of("h1", "h2", "h3");
    private static final List<String> HEADER_VALUES = List.of("1", "2", "3", "4", "~*^[12]$", "~*4");
    private static final List<String> ASKED_HOSTS = List.of("a.x", "b.x", "a.b.x", "q.b.x", "c.y", "a.z", "x", "");
    private static final List<String> ASKED_PATHS =
            List.of("/", "/a", "/a/", "/abc", "/a/b", "/a/b/c", "/a/12", "/b/b", "/b/x/c", "/q", "*");

    @Property(tries = 200)
    void findsTheSameAsALinearSearch(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count, @ForAll RouterFlavor flavor) {
        var random = new Random(seed);
        List<Route> routes = routes(random, count);
        var table = RoutingTable.build(routes, Map.of(), flavor);
        var reference = new LinearRouter(routes, flavor);

        for (int i = 0; i < 60; i++) {
            Requests request = request(random);
            assertThat(found(table, request)).as("%s of %s", request, routes).isEqualTo(reference.find(request));
        }
    }

    @Property(tries = 100)
    void findsTheSameWhateverTheOrderOfTheRoutes(@ForAll long seed, @ForAll RouterFlavor flavor) {
        var random = new Random(seed);
        List<Route> routes = routes(random, 20);
        var reversed = new ArrayList<>(routes);
        Collections.reverse(reversed);
        var table = RoutingTable.build(routes, Map.of(), flavor);
        var other = RoutingTable.build(reversed, Map.of(), flavor);

        for (int i = 0; i < 30; i++) {
            Requests request = request(random);
            assertThat(found(other, request)).isEqualTo(found(table, request));
        }
    }

    /** Few attributes and few hosts, so that many rules meet in one place and are told apart by values. */
    @Property(tries = 50)
    void findsTheSameAmongManyRulesOfOneHostAndPath(@ForAll long seed, @ForAll RouterFlavor flavor) {
        var random = new Random(seed);
        var routes = new ArrayList<Route>();
        for (int i = 0; i < 150; i++) {
            var route = Routes.route(i).paths("/").createdAt(random.nextInt(3));
            if (random.nextInt(3) > 0) {
                route.header(pick(random, HEADER_NAMES), some(random, HEADER_VALUES, 2));
            }
            if (random.nextInt(3) == 0) {
                route.snis(some(random, SNIS, 1));
            }
            if (random.nextInt(3) == 0) {
                route.methods(some(random, METHODS, 2));
            }
            routes.add(route.build());
        }
        var table = RoutingTable.build(routes, Map.of(), flavor);
        var reference = new LinearRouter(routes, flavor);

        for (int i = 0; i < 60; i++) {
            Requests request = request(random);
            assertThat(found(table, request)).as("%s", request).isEqualTo(reference.find(request));
        }
    }

    private static String found(RoutingTable table, RouteRequest request) {
        RouteMatch match = table.find(request);
        return match == null ? "-" : match.route().name() + ":" + match.matchedLength();
    }

    private static List<Route> routes(Random random, int count) {
        var routes = new ArrayList<Route>();
        for (int i = 0; i < count; i++) {
            var route = Routes.route(i)
                    .createdAt(random.nextInt(3))
                    .regexPriority(random.nextInt(4) - 1)
                    .paths(some(random, PATHS, 3))
                    .hosts(maybe(random, HOSTS, 2))
                    .methods(maybe(random, METHODS, 2))
                    .snis(random.nextInt(4) == 0 ? some(random, SNIS, 1) : new String[0]);
            if (random.nextInt(3) == 0) {
                route.paths();
            }
            for (int header = random.nextInt(6) - 3; header > 0; header--) {
                route.header(pick(random, HEADER_NAMES), some(random, HEADER_VALUES, 2));
            }
            routes.add(route.build());
        }
        return routes;
    }

    private static Requests request(Random random) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (String name : HEADER_NAMES) {
            if (random.nextBoolean()) {
                headers.put(name, Arrays.asList(some(random, List.of("1", "2", "3", "4", "5"), 2)));
            }
        }
        boolean tls = random.nextBoolean();
        String sni = tls && random.nextInt(4) > 0 ? pick(random, List.of("a.x", "b.x", "c.x", "q")) : null;
        return new Requests(
                pick(random, METHODS),
                pick(random, ASKED_HOSTS),
                random.nextBoolean() ? 80 : 81,
                pick(random, ASKED_PATHS),
                headers,
                tls,
                sni);
    }

    private static String[] maybe(Random random, List<String> of, int most) {
        return random.nextBoolean() ? some(random, of, most) : new String[0];
    }

    /** One or more different ones. */
    private static String[] some(Random random, List<String> of, int most) {
        return random.ints(1 + random.nextInt(most), 0, of.size())
                .distinct()
                .mapToObj(of::get)
                .toArray(String[]::new);
    }

    private static String pick(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
