package io.sluice.node.boot;

import io.sluice.node.guard.CircuitBreaker;
import io.sluice.node.guard.Guards;
import io.sluice.state.circuit.Circuit;
import io.sluice.state.circuit.SharedCircuits;
import io.sluice.state.membership.Member;
import io.sluice.state.membership.Members;
import java.util.List;
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
        circuits.listen(circuit -> guards.learned(
                circuit.upstream(), circuit.open(), circuit.version(), cluster.age(circuit), System.nanoTime()));
        return guards;
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
        log.atWarn()
                .addKeyValue("upstream", upstream)
                .log(open ? "too many requests fail: the circuit is open" : "requests succeed: the circuit is closed");
        circuits.changed(new Circuit(upstream, open, version));
    }
}
