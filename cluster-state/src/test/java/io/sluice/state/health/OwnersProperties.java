package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Who looks after what. */
class OwnersProperties {

    @Property
    void allAgreeInWhateverOrderTheyKnowEachOther(
            @ForAll @Size(min = 1, max = 9) Set<Long> ids,
            @ForAll @IntRange(max = 500) int target,
            @ForAll Random random) {
        ids.remove(0L);
        List<Long> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, random);

        Owners owners = Owners.of(address(target), array(shuffled));

        assertThat(owners).isEqualTo(Owners.of(address(target), array(List.copyOf(ids))));
        assertThat(ids.isEmpty() ? Set.of(0L) : ids).contains(owners.owner());
        if (ids.size() > 1) {
            assertThat(ids).contains(owners.second());
            assertThat(owners.second()).isNotEqualTo(owners.owner());
        } else {
            assertThat(owners.second()).isZero();
        }
    }

    @Property
    void whoLeavesIsFollowedByItsSecondAndNothingElseChangesHands(
            @ForAll @Size(min = 3, max = 9) Set<Long> ids, @ForAll @IntRange(max = 500) int target) {
        ids.remove(0L);
        Owners before = Owners.of(address(target), array(List.copyOf(ids)));
        for (long gone : List.copyOf(ids)) {
            List<Long> left = ids.stream().filter(id -> id != gone).toList();

            long owner = Owners.of(address(target), array(left)).owner();

            assertThat(owner).isEqualTo(gone == before.owner() ? before.second() : before.owner());
        }
    }

    @Property(tries = 50)
    void targetsAreSpreadOverTheNodes(@ForAll long seed) {
        Random random = new Random(seed);
        long[] ids = random.longs(4).toArray();
        Map<Long, Integer> owned = new HashMap<>();

        for (int i = 0; i < 2_000; i++) {
            owned.merge(Owners.of(address(i), ids).owner(), 1, Integer::sum);
        }

        assertThat(owned.values()).hasSize(4).allMatch(count -> count > 350);
    }

    private static TargetAddress address(int i) {
        return new TargetAddress("u", "t" + i + ":80", "10.0.0." + i, 80);
    }

    private static long[] array(List<Long> ids) {
        return ids.stream().mapToLong(Long::longValue).toArray();
    }
}
