package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.membership.Member.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembersTest {

    @ParameterizedTest
    @CsvSource({
        // members by status (U up, J joining, L leaving, E exiting, D down), which one is this node, whom it hears,
        // majority
        "U,       1, '',    true",
        "UU,      1, '',    true", // the lowest address is on this side
        "UU,      2, '',    false",
        "UU,      2, 1,     true",
        "UUU,     1, '',    false",
        "UUU,     3, 1,     true",
        "UUUU,    1, 4,     true",
        "UUUU,    2, 3,     false",
        "UUUUU,   5, '1 2', true",
        "UUUUU,   5, 1,     false",
        "UJJ,     1, '',    true", // joiners have no vote
        "JUU,     1, '2 3', false",
        "UDE,     1, '',    true",
        "UUD,     2, 3,     false", // to hear of one that is down does not count
        "LUU,     1, 2,     true",
        "EUU,     1, '2 3', false",
        "DUU,     1, '2 3', false"
    })
    void majorityIsCountedAsTheSplitBrainResolverDoes(String statuses, int self, String heard, boolean expected) {
        Set<String> ids = Set.of(heard.split(" "));

        assertThat(members(statuses, self).isMajority(id -> ids.contains("" + id)))
                .isEqualTo(expected);
    }

    @Test
    void nodeThatIsOutHasNoMajority() {
        Member self = new Member(9, "x:1", Status.OUT, true);

        assertThat(new Members(1, self, List.of(), false).isMajority(id -> true))
                .isFalse();
        assertThat(new Members(1, self, members("U", 1).all(), false).isMajority(id -> true))
                .isFalse();
    }

    @Test
    void roundIsHeardOfOnlyByWhoAnswersThatRound() {
        Members three = members("UUU", 1);
        PingRounds rounds = new PingRounds();
        rounds.begin(100);
        rounds.begin(200);

        assertThat(rounds.latest(three)).isEmpty();
        assertThat(rounds.hear(2, 150)).isFalse();
        assertThat(rounds.hear(2, 100)).isTrue();
        assertThat(rounds.latest(three)).hasValue(100);
        assertThat(rounds.hear(3, 200)).isTrue();
        assertThat(rounds.latest(three)).hasValue(200);
    }

    @Test
    void oldRoundsAreForgotten() {
        PingRounds rounds = new PingRounds();
        for (int sentAt = 0; sentAt < 100; sentAt++) {
            rounds.begin(sentAt);
        }

        assertThat(rounds.hear(2, 99)).isTrue();
        assertThat(rounds.hear(2, 50)).isFalse();
    }

    static Members members(String statuses, int self) {
        List<Member> all = new ArrayList<>();
        for (char letter : statuses.toCharArray()) {
            int id = all.size() + 1;
            all.add(new Member(id, "127.0.0." + id + ":1", status(letter), true));
        }
        return new Members(1, all.get(self - 1), all, false);
    }

    private static Status status(char letter) {
        return switch (letter) {
            case 'U' -> Status.UP;
            case 'J' -> Status.JOINING;
            case 'L' -> Status.LEAVING;
            case 'E' -> Status.EXITING;
            default -> Status.DOWN;
        };
    }
}
