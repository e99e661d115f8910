package io.sluice.node.route;

import static io.sluice.node.route.Requests.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.state.model.RouterFlavor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a look-up takes from the heap, in the interpreter as well as compiled. */
class RoutingAllocationTest {
    private static final int ROUNDS = 20_000;

    @Test
    void findsRoutesWithoutAllocating() {
        var table = Routes.table(
                RouterFlavor.TRADITIONAL_COMPATIBLE,
                Routes.route(1).hosts("a.example").paths("/a"),
                Routes.route(2).hosts("*.example:80").paths("/", "/b/"),
                Routes.route(3).hosts("a.*").methods("POST"),
                Routes.route(4).paths("~/exact$"),
                Routes.route(5).header("x-tenant", "one"),
                Routes.route(6).snis("*.example"));
        List<RouteRequest> requests = List.of(
                get("a.example", "/a/1"),
                get("b.example", "/b/1"),
                get("a.org", "/c").method("POST"),
                get("x", "/exact"),
                get("x", "/").header("x-tenant", "one"),
                get("x", "/").overTls("q.example"),
                get("x", "/").overTls("q"));
        assertThat(requests).map(table::find).filteredOn(match -> match != null).hasSize(6);

        long before = allocated();
        for (int i = 0; i < ROUNDS; i++) {
            for (int r = 0; r < requests.size(); r++) {
                table.find(requests.get(r));
            }
        }

        // One object per look-up would be at least 16 bytes.
        assertThat(allocated() - before).isLessThan(ROUNDS);
    }

    @Test
    void normalisesAndJoinsOrdinaryPathsWithoutAllocating() {
        var match = new RouteMatch(Routes.route(1).strip(false).build(), null, 0, 0, Map.of());
        String path = "/api/v1/users/42";
        assertThat(PathNormalizer.normalize(path)).isSameAs(path);

        long before = allocated();
        for (int i = 0; i < ROUNDS; i++) {
            UpstreamPath.of(match, PathNormalizer.normalize(path), RouterFlavor.TRADITIONAL_COMPATIBLE);
        }

        assertThat(allocated() - before).isLessThan(ROUNDS);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
