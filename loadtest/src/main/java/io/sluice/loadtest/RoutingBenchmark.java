package io.sluice.loadtest;

import io.sluice.node.route.RouteMatch;
import io.sluice.node.route.RoutingTable;
import io.sluice.state.model.RouterFlavor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The mean cost of a look-up among few and many routes; run with {@code -prof gc} for what it allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class RoutingBenchmark {
    private static final int REQUESTS = 1 << 16;

    @Param({"HOSTS", "PREFIXES", "MIXED"})
    public String mixture = "";

    @Param({"10", "100000"})
    public int routes;

    private RoutingTable table = RoutingTable.EMPTY;
    private SampleRequest[] requests = {};
    private int next;

    @Setup
    public void build() {
        var routing = RoutingMixture.valueOf(mixture);
        table = RoutingTable.build(routing.routes(routes), Map.of(), RouterFlavor.TRADITIONAL_COMPATIBLE);
        requests = routing.requests(REQUESTS, routes);
    }

    @Benchmark
    public @Nullable RouteMatch find() {
        return table.find(requests[next++ & (REQUESTS - 1)]);
    }
}
