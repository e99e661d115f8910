package io.sluice.node.route;

import static io.sluice.node.route.Requests.get;
import static io.sluice.node.route.Routes.found;
import static io.sluice.node.route.Routes.route;
import static io.sluice.node.route.Routes.table;
import static io.sluice.state.model.RouterFlavor.TRADITIONAL;
import static io.sluice.state.model.RouterFlavor.TRADITIONAL_COMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTableTest {
    private static final UUID SERVICE = UUID.fromString("11111111-0000-4000-8000-000000000001");

    @Test
    void findsNothingInAnEmptyTable() {
        assertThat(RoutingTable.EMPTY.find(get("a", "/"))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void matchesEachAttributeAndCombinationsOfThem(RouterFlavor flavor) {
        var table = table(
                flavor,
                route(1).hosts("one.example", "two.example"),
                route(2).methods("TRACE"),
                route(3).paths("/three"),
                route(4).hosts("one.example", "two.example").paths("/four"),
                route(5).hosts("one.example", "two.example").methods("POST", "PUT"),
                route(6).methods("POST", "PUT").paths("/six"),
                route(7).hosts("seven.example").methods("POST").paths("/six"),
                route(9).header("location", "here", "there"));

        assertThat(found(table, get("one.example", "/"))).isEqualTo("1");
        assertThat(found(table, get("two.example", "/").port(8000))).isEqualTo("1");
        assertThat(found(table, get("x", "/").method("TRACE"))).isEqualTo("2");
        assertThat(found(table, get("x", "/").method("trace"))).isEqualTo("-");
        assertThat(found(table, get("x", "/three/and/more"))).isEqualTo("3");
        assertThat(found(table, get("", "/threefold"))).isEqualTo("3");
        assertThat(found(table, get("x", "/a/three"))).isEqualTo("-");
        assertThat(found(table, get("two.example", "/four"))).isEqualTo("4");
        assertThat(found(table, get("two.example", "/x").method("PUT"))).isEqualTo("5");
        assertThat(found(table, get("x", "/six").method("PUT"))).isEqualTo("6");
        assertThat(found(table, get("x", "/six"))).isEqualTo("-");
        assertThat(found(table, get("seven.example", "/six").method("POST"))).isEqualTo("7");
        assertThat(found(table, get("x", "/").header("Location", "there"))).isEqualTo("9");
        assertThat(found(table, get("x", "/").header("Location", "nowhere"))).isEqualTo("-");
        assertThat(found(table, get("x", "/"))).isEqualTo("-");
    }

    @ParameterizedTest
    @EnumSource
    void prefersMoreKindsOfAttributesThanAnythingElse(RouterFlavor flavor) {
        var table = table(
                flavor,
                route(1).hosts("a.example"),
                route(2).paths("~/very/long/path/\\d+").regexPriority(100),
                route(3).paths("/").methods("GET"),
                route(4).header("x", "1").header("y", "1").header("z", "1"));

        var request = get("a.example", "/very/long/path/1")
                .header("x", "1")
                .header("y", "1")
                .header("z", "1");

        assertThat(found(table, request)).isEqualTo("3");
    }

    @Test
    void ordersEquallyManyKindsByWhatTheyAre() {
        Routes[] routes = {
            route(9).hosts("*.example").methods("GET"),
            route(8).hosts("a.example").methods("GET"),
            route(7).header("x", "1").header("y", "1").methods("GET"),
            route(6).header("x", "1").methods("GET"),
            route(5).paths("~/a\\d").methods("GET"),
            route(4).paths("/a").methods("GET"),
            route(3).snis("s").methods("GET")
        };
        var request = get("a.example", "/a1").header("x", "1").header("y", "1").overTls("s");

        // Plain hosts, header names, regular expression, prefix length; then the largest id.
        assertThat(winners(TRADITIONAL_COMPATIBLE, request, routes)).containsExactly("8", "7", "6", "5", "4", "9", "3");
        // By category: host, header, path, server name; plain hosts before wildcards.
        assertThat(winners(TRADITIONAL, request, routes)).containsExactly("8", "9", "7", "6", "5", "4", "3");
    }

    @Test
    void prefersAWildcardWithPortToPlainHostsInTraditionalOnly() {
        Routes[] routes = {
            route(1).hosts("a.*"), route(2).hosts("a.example"), route(3).hosts("a.*:81"), route(4).hosts("*.example:81")
        };
        var request = get("a.example", "/").port(81);

        assertThat(winners(TRADITIONAL, request, routes)).containsExactly("4", "3", "2", "1");
        assertThat(winners(TRADITIONAL_COMPATIBLE, request, routes)).containsExactly("2", "4", "3", "1");
    }

    @ParameterizedTest
    @EnumSource
    void ordersPatternsByPriorityAndPrefixesByLength(RouterFlavor flavor) {
        Routes[] routes = {
            route(1).paths("/a/b/c/d"),
            route(2).paths("/a/b").regexPriority(1000),
            route(3).paths("~/a/.*").regexPriority(-5),
            route(4).paths("~/a/b/c/d$"),
            route(5).paths("~/a").regexPriority(7),
            route(6).paths("/")
        };

        assertThat(winners(flavor, get("x", "/a/b/c/d"), routes)).containsExactly("5", "4", "3", "1", "2", "6");
    }

    @Test
    void breaksTiesByTheLargestIdInTraditionalCompatible() {
        Routes[] routes = {
            route(1).id("10000000-0000-4000-8000-000000000000").paths("/a").createdAt(1),
            route(2).id("f0000000-0000-4000-8000-000000000000").paths("/a").createdAt(2),
            route(3).id("7fffffff-ffff-4fff-bfff-ffffffffffff").paths("/a").createdAt(3)
        };

        assertThat(winners(TRADITIONAL_COMPATIBLE, get("x", "/a"), routes)).containsExactly("2", "3", "1");
    }

    @Test
    void breaksTiesByTheOldestRouteInTraditional() {
        Routes[] routes = {
            route(1).paths("/a").createdAt(30),
            route(2).paths("/a").createdAt(10),
            route(3).paths("/a").createdAt(20),
            route(4).paths("/a").createdAt(20)
        };

        assertThat(winners(TRADITIONAL, get("x", "/a"), routes)).containsExactly("2", "4", "3", "1");
    }

    @ParameterizedTest
    @EnumSource
    void givesEveryPathOfARouteItsOwnPlaceInTheOrder(RouterFlavor flavor) {
        var table = table(
                flavor, route(1).paths("/a", "/a/b/c", "~/r/\\d+$"), route(2).paths("/a/b", "/a/b/c/d", "/r/1/2"));

        assertThat(found(table, get("x", "/a/x"))).isEqualTo("1");
        assertThat(found(table, get("x", "/a/b/x"))).isEqualTo("2");
        assertThat(found(table, get("x", "/a/b/c/x"))).isEqualTo("1");
        assertThat(found(table, get("x", "/a/b/c/d"))).isEqualTo("2");
        assertThat(found(table, get("x", "/r/1"))).isEqualTo("1");
        assertThat(found(table, get("x", "/r/1/2"))).isEqualTo("2");
        assertThat(table.find(get("x", "/a/b/c/x")).matchedLength()).isEqualTo(6);
        assertThat(table.find(get("x", "/a/x")).matchedLength()).isEqualTo(2);
    }

    @Test
    void derivesTheIdsOfSplitRoutesAsKongDoes() {
        // Checked with Python: uuid.uuid5(uuid.UUID('7f145bf9-0dce-4f91-98eb-debbce4b9f6b'), '<id>#1')
        assertThat(RuleCompiler.splitId("e8fb37f1-102d-461e-9c51-6608a6bb8101#1"))
                .isEqualTo(UUID.fromString("086b6591-cafa-58be-b2dd-7640f294421f"));
        assertThat(RuleCompiler.splitId("e8fb37f1-102d-461e-9c51-6608a6bb8101#2"))
                .isEqualTo(UUID.fromString("f3f66107-db02-53dc-baaf-ff30ef99a039"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            *.route.example,     foo.route.example,   80, true
            *.route.example,     a.b.route.example,   80, true
            *.route.example,     route.example,       80, false
            *.route.example,     .route.example,      80, false
            *.route.example,     fooroute.example,    80, false
            route.*,             route.org,           80, true
            route.*,             route.co.uk,         80, true
            route.*,             route.,              80, false
            route.*,             router.org,          80, false
            *.route.example:81,  foo.route.example,   81, true
            *.route.example:81,  foo.route.example,   80, false
            route.*:81,          route.org,           81, true
            route.*:81,          route.org,           80, false
            A.Example,           a.example,           80, true
            a.example:443,       a.example,          443, true
            a.example:443,       a.example,           80, false
            ::11,                [::11],              80, true
            ::11,                ::11,                80, true
            [::12],              ::12,                80, true
            [::12]:321,          [::12],             321, true
            [::12]:321,          [::12],              80, false
            """)
    void matchesHostsWithWildcardsAndPorts(String rule, String host, int port, boolean matches) {
        for (RouterFlavor flavor : RouterFlavor.values()) {
            var table = table(flavor, route(1).hosts(rule));

            assertThat(found(table, get(host, "/").port(port))).isEqualTo(matches ? "1" : "-");
        }
    }

    @ParameterizedTest
    @EnumSource
    void fallsBackToAnotherHostIfTheRestDoesNotMatch(RouterFlavor flavor) {
        var table = table(
                flavor,
                route(1).hosts("a.b.example").paths("/one"),
                route(2).hosts("*.b.example").paths("/two"),
                route(3).hosts("*.example").paths("/three"),
                route(4).hosts("a.*").paths("/four"),
                route(5).paths("/five"),
                route(6).hosts("a.b.example:81").paths("/six"));

        assertThat(List.of("/one", "/two", "/three", "/four", "/five", "/six", "/none"))
                .map(path -> found(table, get("a.b.example", path).port(81)))
                .containsExactly("1", "2", "3", "4", "5", "6", "-");
    }

    @ParameterizedTest
    @EnumSource
    void comparesHeaderValuesInLowerCaseAndAnyOfThem(RouterFlavor flavor) {
        var table = table(flavor, route(1).header("X-Version", "V1", "v2").header("x-region", "EU"));

        assertThat(found(table, get("a", "/").header("x-version", "v1").header("x-region", "eu")))
                .isEqualTo("1");
        assertThat(found(table, get("a", "/").header("X-VERSION", "V2").header("x-region", "Eu")))
                .isEqualTo("1");
        assertThat(found(
                        table,
                        get("a", "/")
                                .header("x-version", "v9")
                                .header("x-version", "v2")
                                .header("x-region", "eu")))
                .isEqualTo("1");
        assertThat(found(table, get("a", "/").header("x-version", "v1, v2").header("x-region", "eu")))
                .isEqualTo("-");
        assertThat(found(table, get("a", "/").header("x-version", "v1"))).isEqualTo("-");
    }

    @Test
    void findsHeaderPatternsAnywhereInTheLowerCaseValue() {
        var one = route(1).header("user-agent", "~*chrome/\\d+");

        for (RouterFlavor flavor : RouterFlavor.values()) {
            assertThat(found(table(flavor, one), get("a", "/").header("user-agent", "X Chrome/99 Y")))
                    .isEqualTo("1");
            assertThat(found(table(flavor, one), get("a", "/").header("user-agent", "Firefox")))
                    .isEqualTo("-");
        }
    }

    @Test
    void treatsHeaderPatternsAsEachFlavourDoes() {
        var several = route(1).header("x", "plain", "~*^v\\d$");
        var upper = route(2).header("x", "~*^\\D$");

        assertThat(found(table(TRADITIONAL_COMPATIBLE, several), get("a", "/").header("x", "v1")))
                .isEqualTo("1");
        assertThat(found(table(TRADITIONAL, several), get("a", "/").header("x", "v1")))
                .isEqualTo("-");
        assertThat(found(table(TRADITIONAL_COMPATIBLE, upper), get("a", "/").header("x", "7")))
                .isEqualTo("2");
        assertThat(found(table(TRADITIONAL, upper), get("a", "/").header("x", "7")))
                .isEqualTo("-");
        assertThat(found(table(TRADITIONAL, upper), get("a", "/").header("x", "Q")))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource
    void asksForTheServerNameOnlyWithTls(RouterFlavor flavor) {
        var table = table(
                flavor,
                route(1).snis("a.example.").paths("/"),
                route(2).snis("*.wild.example").paths("/"),
                route(3).snis("front.*").paths("/").methods("POST"));

        assertThat(found(table, get("x", "/").overTls("a.example"))).isEqualTo("1");
        assertThat(found(table, get("x", "/").overTls("b.wild.example"))).isEqualTo("2");
        assertThat(found(table, get("x", "/").overTls("front.example").method("POST")))
                .isEqualTo("3");
        assertThat(found(table, get("x", "/").overTls("other"))).isEqualTo("-");
        assertThat(found(table, get("x", "/").overTls(null))).isEqualTo("-");
        assertThat(found(table, get("x", "/").method("POST"))).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void doesNotLookAtTheProtocol(RouterFlavor flavor) {
        var table = table(
                flavor,
                route(1).protocols(Protocol.HTTPS).paths("/secure"),
                route(2).protocols(Protocol.HTTP).paths("/plain"));

        assertThat(found(table, get("x", "/secure"))).isEqualTo("1");
        assertThat(found(table, get("x", "/plain").overTls("x"))).isEqualTo("2");
    }

    @Test
    void leavesOutStreamRoutesAndRoutesOfDisabledServices() {
        UUID off = UUID.fromString("11111111-0000-4000-8000-000000000002");
        Map<UUID, Service> services =
                Map.of(SERVICE, Routes.service(SERVICE, null, true), off, Routes.service(off, null, false));
        List<Route> routes = List.of(
                route(1).protocols(Protocol.TCP, Protocol.TLS).snis("a").build(),
                route(2).service(off).paths("/a").build(),
                route(3).service(SERVICE).paths("/").build());

        var table = RoutingTable.build(routes, services, TRADITIONAL_COMPATIBLE);

        assertThat(table.routes()).containsExactly(routes.get(2));
        assertThat(table.problems()).isEmpty();
        assertThat(table.find(get("x", "/a"))).satisfies(match -> {
            assertThat(match.route()).isSameAs(routes.get(2));
            assertThat(match.service()).isSameAs(services.get(SERVICE));
            assertThat(match.ordinal()).isZero();
        });
    }

    @Test
    void leavesOutWhatCannotBeUsedAndSaysWhy() {
        var table = table(
                TRADITIONAL_COMPATIBLE,
                route(1).paths("~/a(").hosts("a"),
                route(2).header("x", "~*[").hosts("a"),
                route(3).service(SERVICE).paths("/"),
                route(4).sources(new Route.Endpoint("10.0.0.1", null)).paths("/"),
                route(5).paths("/ok"));

        assertThat(table.routes()).extracting(Route::name).containsExactly("5");
        assertThat(table.problems())
                .extracting(problem -> problem.object() + " " + problem.field())
                .containsExactly("route '1' paths", "route '2' headers", "route '3' service", "route '4' sources");
        assertThat(table.problems().get(0).reason()).contains("/a(").contains("expected: a regular expression");
    }

    @Test
    void givesTheOrdinalOfTheRoute() {
        var table = table(TRADITIONAL_COMPATIBLE, route(1).paths("/a"), route(2).paths("/b", "/bbb"));

        RouteMatch match = table.find(get("x", "/bbb"));

        assertThat(table.routes().get(match.ordinal())).isSameAs(match.route());
        assertThat(match.ordinal()).isEqualTo(1);
    }

    @Test
    void givesTheSameMatchForEveryRequestOfAPrefixRule() {
        var table = table(TRADITIONAL_COMPATIBLE, route(1).paths("/a"), route(2).hosts("b.example"));

        assertThat(table.find(get("x", "/a/1"))).isSameAs(table.find(get("y", "/a/2")));
        assertThat(table.find(get("b.example", "/1"))).isSameAs(table.find(get("b.example", "/2")));
    }

    @Test
    void comparesConfiguredTextByItsBytes() {
        var table = table(TRADITIONAL_COMPATIBLE, route(1).paths("/caf\u00e9"), route(2).paths("/%C3%A0"));

        assertThat(found(table, get("x", PathNormalizer.normalize("/caf%C3%A9/x"))))
                .isEqualTo("1");
        assertThat(found(table, get("x", PathNormalizer.normalize("/%c3%a0")))).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 100, 2_000})
    void tellsManyRulesOfOnePathApart(int many) {
        var routes = new Routes[many * 3];
        for (int i = 0; i < many; i++) {
            routes[i] = route(i).paths("/").header("x-tenant", "t" + i).header("x-all", "1");
            routes[many + i] = route(many + i).paths("/").snis("s" + i + ".example");
            routes[2 * many + i] = route(2 * many + i).paths("/").methods(i % 2 == 0 ? "PUT" : "POST", "PATCH");
        }
        var table = table(TRADITIONAL_COMPATIBLE, routes);

        for (int i = 0; i < many; i += 7) {
            var tenant = get("x", "/")
                    .header("x-tenant", "T" + i)
                    .header("x-all", "1")
                    .overTls("none");
            assertThat(found(table, tenant)).isEqualTo("" + i);
            assertThat(found(table, get("x", "/").overTls("s" + i + ".example")))
                    .isEqualTo("" + (many + i));
        }
        String lastPut = "" + (2 * many + (many - 1) / 2 * 2);
        assertThat(found(table, get("x", "/").overTls("none").method("PUT"))).isEqualTo(lastPut);
        assertThat(found(table, get("x", "/").overTls("none"))).isEqualTo("-");
    }

    /** The matching routes in the order in which they win: each winner is taken out and the rest asked again. */
    private static List<String> winners(RouterFlavor flavor, RouteRequest request, Routes... routes) {
        var left = new ArrayList<>(List.of(routes));
        var order = new ArrayList<String>();
        while (true) {
            String winner = found(table(flavor, left.toArray(Routes[]::new)), request);
            if (winner.equals("-")) {
                return order;
            }
            order.add(winner);
            left.removeIf(route -> winner.equals(route.build().name()));
        }
    }
}
