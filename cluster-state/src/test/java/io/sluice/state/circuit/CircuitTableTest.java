package io.sluice.state.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitTableTest {

    private long now = 10_000_000;
    private final CircuitTable table = new CircuitTable(() -> now);
    private final List<Circuit> heard = new ArrayList<>();

    CircuitTableTest() {
        table.listen(heard::add);
    }

    private static Circuit open(long version) {
        return new Circuit("u", true, version);
    }

    private static Circuit closed(long version) {
        return new Circuit("u", false, version);
    }

    @Test
    void takesWhatIsLaterAndOfTwoAtOnceTheOpenOne() {
        table.learn(List.of(open(9_999_000)));
        table.learn(List.of(closed(9_999_500)));
        table.learn(List.of(open(9_999_200)));
        table.learn(List.of(open(9_999_500)));
        table.learn(List.of(closed(9_999_500)));

        assertThat(table.of("u")).contains(open(9_999_500));
        assertThat(heard).containsExactly(open(9_999_000), closed(9_999_500), open(9_999_500));
    }

    @Test
    void tellsNobodyOfWhatThisNodeHasFoundOrOfWhatIsKnown() {
        table.put(open(9_999_000));
        table.learn(List.of(open(9_999_000)));

        assertThat(heard).isEmpty();
        assertThat(table.all()).containsExactly(open(9_999_000));
    }

    @Test
    void forgetsWhatIsOver() {
        table.put(closed(now));
        table.put(new Circuit("v", true, now));
        now += 300_000;
        assertThat(table.all()).hasSize(2);
        now += 1;
        assertThat(table.all()).containsExactly(new Circuit("v", true, 10_000_000));
        now += 7_200_000;
        assertThat(table.all()).isEmpty();
        table.learn(List.of(new Circuit("v", true, 10_000_000)));
        assertThat(heard).isEmpty();
    }
}
