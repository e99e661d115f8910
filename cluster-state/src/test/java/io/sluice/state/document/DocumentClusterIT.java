package io.sluice.state.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.membership.ClusterFixture;
import io.sluice.state.membership.ClusterNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How nodes give documents to each other, over real Artery. */
class DocumentClusterIT {

    private final List<SharedDocument> all = new ArrayList<>();

    private ClusterNode start(ClusterFixture cluster, int k) throws Exception {
        SharedDocument documents = new SharedDocument();
        cluster.codecs = SharedDocument.codecs();
        cluster.parts = List.of(documents::spawn);
        ClusterNode node = cluster.start(k, cluster.address(1), cluster.address(2));
        documents.follow(node);
        all.add(documents);
        return node;
    }

    private static long id(ClusterNode node) {
        return node.members().self().id();
    }

    private Optional<byte[]> fetch(int k, String hash, Long... nodes) throws Exception {
        return all.get(k - 1).fetch(hash, List.of(nodes)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aNodeGetsWhatAnotherOneHasWhateverItsSize() throws Exception {
        byte[] large = new byte[5 * DocumentKeeper.PART_BYTES + 1];
        new Random(1).nextBytes(large);
        AtomicInteger made = new AtomicInteger();
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode first = start(cluster, 1);
            ClusterNode second = start(cluster, 2);
            ClusterNode third = start(cluster, 3);
            for (ClusterNode node : List.of(first, second, third)) {
                ClusterFixture.awaitUp(node, 3);
            }
            all.get(0).keep("large", () -> {
                made.incrementAndGet();
                return large;
            });
            all.get(1).keep("small", () -> new byte[] {7});

            assertThat(fetch(3, "large", id(second), id(first))).hasValue(large);
            assertThat(fetch(3, "small", id(second))).hasValue(new byte[] {7});
            assertThat(fetch(2, "large", id(first))).hasValue(large);
            assertThat(made).hasValue(1);
            assertThat(fetch(3, "gone", id(first), id(second))).isEmpty();
            assertThat(fetch(3, "large")).isEmpty();

            all.get(1).keep("large", () -> {
                throw new IllegalStateException("cannot be made");
            });
            assertThat(fetch(3, "large", id(second), id(first))).hasValue(large);
            cluster.cut(2, 1, 3);
            all.get(1).keep("large", () -> large);

            // The second one is silent.
            assertThat(fetch(3, "large", id(second), id(first))).hasValue(large);
            assertThat(third.unreadable()).isZero();
        }
    }

    @Test
    void aNodeByItselfGetsNothing() throws Exception {
        all.add(new SharedDocument());

        assertThat(fetch(1, "any", 7L)).isEmpty();
    }
}
