package io.sluice.node.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashingTest {

    private static final int KEYS = 20_000;

    private static List<String> names(int targets) {
        return IntStream.range(0, targets)
                .mapToObj(i -> "10.1." + i + ".7:8080")
                .toList();
    }

    private static int[] equal(int targets) {
        int[] weights = new int[targets];
        Arrays.fill(weights, 100);
        return weights;
    }

    private static Balancer hashing(int slots, List<String> names, int... weights) {
        return new ConsistentHashing(slots, names, weights, null);
    }

    private static Candidates asking(int key) {
        return new Candidates() {
            @Override
            public boolean usable(int target) {
                return true;
            }

            @Override
            public long key() {
                return KeyHash.of("client-" + key);
            }
        };
    }

    private static Candidates without(int key, int missing) {
        return new Candidates() {
            @Override
            public boolean usable(int target) {
                return target != missing;
            }

            @Override
            public long key() {
                return KeyHash.of("client-" + key);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"2, 10000", "3, 10000", "4, 10000", "10, 10000", "50, 10000", "4, 65536"})
    void movesAtMostItsShareAndTwoPercentOfTheKeysWhenAnyTargetLeaves(int targets, int slots) {
        List<String> names = names(targets);
        Balancer all = hashing(slots, names, equal(targets));
        for (int gone = 0; gone < Math.min(targets, 10); gone++) {
            List<String> rest = new ArrayList<>(names);
            rest.remove(gone);
            Balancer left = hashing(slots, rest, equal(targets - 1));
            int moved = 0;
            for (int key = 0; key < KEYS; key++) {
                String before = names.get(all.pick(asking(key)));
                String after = rest.get(left.pick(asking(key)));
                moved += before.equals(after) ? 0 : 1;
            }

            assertThat(moved / (double) KEYS).isLessThanOrEqualTo(1.0 / targets + 0.02);
        }
    }

    @Test
    void movesOnlyTheKeysOfATargetThatLeavesWhateverTheWeights() {
        List<String> names = names(5);
        Balancer all = hashing(10_000, names, 100, 50, 7, 300, 20);
        Balancer left = hashing(10_000, names, 100, 50, 7, 0, 20);

        for (int key = 0; key < KEYS; key++) {
            int before = all.pick(asking(key));
            int after = left.pick(asking(key));
            assertThat(after).isNotEqualTo(3);
            if (before != 3) {
                assertThat(after).isEqualTo(before);
            }
        }
    }

    @Test
    void sharesKeysByWeight() {
        Balancer balancer = hashing(10_000, names(4), 400, 300, 200, 100);
        int[] counts = new int[4];
        for (int key = 0; key < KEYS; key++) {
            counts[balancer.pick(asking(key))]++;
        }

        assertThat(counts[0] / (double) KEYS).isCloseTo(0.4, within(0.02));
        assertThat(counts[1] / (double) KEYS).isCloseTo(0.3, within(0.02));
        assertThat(counts[2] / (double) KEYS).isCloseTo(0.2, within(0.02));
        assertThat(counts[3] / (double) KEYS).isCloseTo(0.1, within(0.02));
    }

    @Test
    void givesAKeyTheSameTargetWhateverTheirOrder() {
        List<String> names = names(6);
        List<String> reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        Balancer one = hashing(10_000, names, 1, 2, 3, 4, 5, 6);
        Balancer other = hashing(10_000, reversed, 6, 5, 4, 3, 2, 1);

        for (int key = 0; key < 2_000; key++) {
            assertThat(reversed.get(other.pick(asking(key)))).isEqualTo(names.get(one.pick(asking(key))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1000, 65_536})
    void standsInForATargetWithWhatItWouldBeWithoutIt(int slots) {
        List<String> names = names(4);
        Balancer balancer = hashing(slots, names, 100, 50, 25, 75);
        Balancer left = hashing(slots, names, 100, 0, 25, 75);

        for (int key = 0; key < 2_000; key++) {
            assertThat(balancer.pick(without(key, 1))).isEqualTo(left.pick(asking(key)));
        }
    }

    @Test
    void givesTheKeysOfAMissingTargetToAllOthers() {
        Balancer balancer = hashing(10_000, names(5), equal(5));
        int[] taken = new int[5];
        for (int key = 0; key < KEYS; key++) {
            if (balancer.pick(asking(key)) == 2) {
                taken[balancer.pick(without(key, 2))]++;
            }
        }

        int sum = Arrays.stream(taken).sum();
        assertThat(taken[2]).isZero();
        for (int other : new int[] {0, 1, 3, 4}) {
            assertThat(taken[other] / (double) sum).isCloseTo(0.25, within(0.06));
        }
    }
}
