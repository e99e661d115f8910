package io.sluice.state.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.membership.ClusterFixture;
import io.sluice.state.membership.ClusterNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes tell each other of circuits, over real Artery. */
class CircuitsClusterIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ClusterFixture cluster = new ClusterFixture();
    private final List<SharedCircuits> all = new ArrayList<>();
    private final List<ClusterNode> nodes = new ArrayList<>();

    @BeforeEach
    void formACluster() throws Exception {
        cluster.codecs = SharedCircuits.codecs();
        for (int k = 1; k <= 3; k++) {
            SharedCircuits circuits = new SharedCircuits();
            cluster.parts = List.of(circuits::spawn);
            ClusterNode node = cluster.start(k, cluster.address(1), cluster.address(2));
            circuits.follow(node);
            all.add(circuits);
            nodes.add(node);
        }
        nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    private Circuit opened(int node) {
        Circuit circuit = new Circuit("u", true, all.get(node).agreedMillis());
        all.get(node).changed(circuit);
        return circuit;
    }

    @Test
    void tellsAllWhatOneHasFound() {
        List<Circuit> heard = new CopyOnWriteArrayList<>();
        all.get(2).listen(heard::add);

        Circuit open = opened(0);
        await().atMost(LONG)
                .until(() -> all.stream().allMatch(one -> one.of("u").equals(Optional.of(open))));
        Circuit closed = new Circuit("u", false, open.version() + 1);
        all.get(1).changed(closed);

        await().atMost(LONG)
                .until(() -> all.stream().allMatch(one -> one.of("u").equals(Optional.of(closed))));
        await().untilAsserted(() -> assertThat(heard).containsExactly(open, closed));
    }

    @Test
    void makesUpForWhatWasLostWhileItCouldNotBeSaid() {
        cluster.cut(3, 1, 2);
        Circuit open = opened(0);
        await().atMost(LONG).until(() -> all.get(1).of("u").equals(Optional.of(open)));
        assertThat(all.get(2).of("u")).isEmpty();
        cluster.heal(3);

        await().atMost(LONG).until(() -> all.get(2).of("u").equals(Optional.of(open)));
    }

    @Test
    void keepsToItselfWhatANodeOutOfContactHasFound() {
        cluster.cut(3, 1, 2);
        await().atMost(LONG).until(() -> !nodes.get(2).inContact());
        opened(2);
        cluster.heal(3);
        Circuit other = new Circuit("v", true, all.get(0).agreedMillis());
        await().atMost(LONG).until(() -> nodes.get(2).inContact());
        all.get(2).changed(other);

        await().atMost(LONG).until(() -> all.get(0).of("v").isPresent());
        assertThat(all.get(0).of("u")).isEmpty();
        assertThat(all.get(1).of("u")).isEmpty();
    }
}
