package io.sluice.node.boot;

import io.sluice.node.guard.CircuitBreaker;
import io.sluice.node.guard.Guards;
import io.sluice.node.guard.OutlierEjection;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.state.circuit.Circuit;
import io.sluice.state.circuit.SharedCircuits;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import io.sluice.state.wire.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster as the guards of upstreams see it. Until the node is in one it counts as by itself. Any thread. */
final class GuardCluster implements Guards.Cluster {

    private static final Logger log = LoggerFactory.getLogger(GuardCluster.class);

    private final SharedCircuits circuits;

    private GuardCluster(SharedCircuits circuits) {
        this.circuits = circuits;
    }

    /** The guards of a node, which tell other nodes what they find and hear what those do. */
    static Guards guards(SharedCircuits circuits) {
        GuardCluster cluster = new GuardCluster(circuits);
        Guards guards = new Guards(cluster);
        circuits.listen(circuit -> {
            boolean concerned = guards.learned(
                    circuit.upstream(), circuit.open(), circuit.version(), cluster.age(circuit), System.nanoTime());
            if (concerned) {
                log(circuit);
            }
        });
        return guards;
    }

    private static void log(Circuit circuit) {
        (circuit.open() ? log.atWarn() : log.atInfo())
                .addKeyValue("upstream", circuit.upstream())
                .addKeyValue("found_by", NodeId.show(circuit.finder()))
                .addKeyValue("since", Instant.ofEpochMilli(circuit.version()))
                .log(
                        circuit.open()
                                ? "too many requests fail: the circuit is open"
                                : "requests succeed: the circuit is closed");
    }

    /** How the guards of this node stand, for whoever asks about the cluster. */
    static List<GuardView> views(Guards guards, SharedCircuits circuits) {
        long now = System.nanoTime();
        return guards.all().stream()
                .filter(guard -> guard.circuit() != null || guard.outliers() != null)
                .map(guard -> view(guard, circuits.of(guard.upstream()), now))
                .toList();
    }

    private static GuardView view(UpstreamGuard guard, Optional<Circuit> shared, long now) {
        CircuitBreaker circuit = guard.circuit();
        OutlierEjection outliers = guard.outliers();
        Optional<Circuit> last = shared.filter(any -> circuit != null);
        return new GuardView(
                guard.upstream(),
                circuit == null ? "" : circuit.position(now).name().toLowerCase(Locale.ROOT),
                last.map(Circuit::version).orElse(0L),
                last.map(Circuit::finder).orElse(0L),
                outliers == null ? List.of() : outliers.outNow(now));
    }

    private long age(Circuit circuit) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, agreedMillis() - circuit.version()));
    }

    @Override
    public int members() {
        return Math.max(1, circuits.members().all().size());
    }

    @Override
    public int rank() {
        Members members = circuits.members();
        List<Member> all = members.all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id() == members.self().id()) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public long agreedMillis() {
        return circuits.agreedMillis();
    }

    @Override
    public void recall(String upstream, CircuitBreaker breaker) {
        circuits.of(upstream)
                .ifPresent(
                        circuit -> breaker.learned(circuit.open(), circuit.version(), age(circuit), System.nanoTime()));
    }

    @Override
    public void changed(String upstream, boolean open, long version) {
        Circuit circuit =
                new Circuit(upstream, open, version, circuits.members().self().id());
        log(circuit);
        circuits.changed(circuit);
    }

    @Override
    public void ejected(String upstream, String address, long nanos) {
        log.atWarn()
                .addKeyValue("upstream", upstream)
                .addKeyValue("address", address)
                .addKeyValue("seconds", nanos / 1_000_000_000.0)
                .addKeyValue("found_by", NodeId.show(circuits.members().self().id()))
                .log("too many tries fail in a row: the address is left out");
    }
}
