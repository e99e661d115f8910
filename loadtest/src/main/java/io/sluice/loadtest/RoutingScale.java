package io.sluice.loadtest;

import io.sluice.node.route.RouteMatch;
import io.sluice.node.route.RoutingTable;
import io.sluice.state.model.Route;
import io.sluice.state.model.RouterFlavor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Builds tables of 100,000 routes, looks up requests one by one under the clock, and does it again while another thread
 * rebuilds the table all the time, as a change of configuration does. Prints one line of {@code key=value} per mixture.
 * Latencies are those of single look-ups, the clock's own some 25 ns included, with host and path as new objects each time.
 */
final class RoutingScale {
    private static final int ROUTES = 100_000;
    private static final int REQUESTS = 1 << 17;
    private static final int LOOKUPS = 2_000_000;
    private static final int BUILDS = 7;

    private final RoutingMixture mixture;
    private final List<Route> routes;
    private final SampleRequest[] requests;
    private volatile RoutingTable table = RoutingTable.EMPTY;
    private volatile boolean rebuilding;
    private int rebuilds; // read only after the rebuilding thread has ended
    private long found;

    private RoutingScale(RoutingMixture mixture) {
        this.mixture = mixture;
        this.routes = mixture.routes(ROUTES);
        this.requests = mixture.requests(REQUESTS, ROUTES);
    }

    public static void main(String[] args) throws InterruptedException {
        for (RoutingMixture mixture : RoutingMixture.values()) {
            System.out.println(new RoutingScale(mixture).measure());
        }
    }

    private String measure() throws InterruptedException {
        long without = usedHeap();
        long[] builds = builds();
        long heap = usedHeap() - without;
        lookUp();
        found = 0;
        long[] alone = lookUp();
        double share = (double) found / LOOKUPS;
        long[] beside = lookUpWhileRebuilding();
        Arrays.sort(builds, 1, BUILDS);
        return String.format(
                Locale.ROOT,
                "mixture=%s routes=%d first_build=%d rebuild=%d slowest_rebuild=%d heap=%d found=%.2f rebuilds=%d%s%s",
                mixture.description().replace(' ', '_'),
                table.routes().size(),
                millis(builds[0]),
                millis(builds[1 + (BUILDS - 1) / 2]),
                millis(builds[BUILDS - 1]),
                heap >> 20,
                share,
                rebuilds,
                quantiles("", alone),
                quantiles("beside_", beside));
    }

    /** The first, in a JVM still cold for what this mixture needs, then the others. */
    private long[] builds() {
        var nanos = new long[BUILDS];
        for (int i = 0; i < BUILDS; i++) {
            long start = System.nanoTime();
            table = RoutingTable.build(routes, Map.of(), RouterFlavor.TRADITIONAL_COMPATIBLE);
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private long[] lookUp() {
        var nanos = new long[LOOKUPS];
        for (int i = 0; i < LOOKUPS; i++) {
            SampleRequest request = requests[i & (REQUESTS - 1)].fresh();
            long start = System.nanoTime();
            RouteMatch match = table.find(request);
            nanos[i] = System.nanoTime() - start;
            if (match != null) {
                found++;
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private long[] lookUpWhileRebuilding() throws InterruptedException {
        rebuilding = true;
        var thread = new Thread(() -> {
            while (rebuilding) {
                table = RoutingTable.build(routes, Map.of(), RouterFlavor.TRADITIONAL_COMPATIBLE);
                rebuilds++;
            }
        });
        thread.start();
        long[] nanos = lookUp();
        rebuilding = false;
        thread.join();
        return nanos;
    }

    private static String quantiles(String prefix, long[] nanos) {
        return String.format(
                Locale.ROOT,
                " %1$sp50=%2$.2f %1$sp99=%3$.2f %1$sp999=%4$.2f %1$smax=%5$.0f",
                prefix,
                micros(nanos, 0.5),
                micros(nanos, 0.99),
                micros(nanos, 0.999),
                micros(nanos, 1));
    }

    private static double micros(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e3;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
