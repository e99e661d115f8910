package io.sluice.state.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.membership.Member;
import io.sluice.state.membership.Member.Status;
import io.sluice.state.membership.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTableTest {

    private final RolloutTable table = new RolloutTable();
    private final List<Rollout> told = new ArrayList<>();

    private static Members members(Status... statuses) {
        List<Member> all = new ArrayList<>();
        for (Status status : statuses) {
            int id = all.size() + 10;
            all.add(new Member(id, "node:" + id, status, true));
        }
        return new Members(1, all.get(0), all, true);
    }

    @Test
    void aNodeByItselfIsOneOfOne() {
        assertThat(table.view()).isEqualTo(new Rollout(1, Map.of()));

        table.own("a");

        assertThat(table.view().nodes()).isEqualTo(1);
        assertThat(table.view().live()).containsValue("a").hasSize(1);
    }

    @Test
    void countsNodesThatAreUpWhateverTheySay() {
        table.seen(members(Status.UP, Status.UP, Status.JOINING, Status.LEAVING, Status.UP));
        table.own("a");
        table.learn(11, "b");
        table.learn(12, "a");
        table.learn(13, "a");

        assertThat(table.view()).isEqualTo(new Rollout(3, Map.of(10L, "a", 11L, "b")));
    }

    @Test
    void forgetsWhatNodesSaidThatAreGone() {
        table.seen(members(Status.UP, Status.UP));
        table.learn(11, "b");
        table.seen(members(Status.UP));
        table.seen(members(Status.UP, Status.UP));

        assertThat(table.view()).isEqualTo(new Rollout(2, Map.of()));
    }

    @Test
    void tellsOnlyWhatHasChanged() {
        table.seen(members(Status.UP, Status.UP));
        table.listen(() -> told.add(table.view()));

        assertThat(table.own("a")).isTrue();
        assertThat(table.own("a")).isFalse();
        table.learn(11, "b");
        table.learn(11, "b");
        table.seen(members(Status.UP, Status.UP));

        assertThat(told).containsExactly(new Rollout(2, Map.of(10L, "a")), new Rollout(2, Map.of(10L, "a", 11L, "b")));
    }
}
