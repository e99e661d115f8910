package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.dns.HostResolver.Watch;
import io.sluice.node.dns.NameView.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostResolverTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualAgenda agenda = new ManualAgenda();
    private final Names names = new Names();
    private final List<String> told = new ArrayList<>();
    private final HostResolver resolver = resolver(10);

    private HostResolver resolver(int most) {
        return new HostResolver(
                names,
                agenda,
                new ResolverTimes(Duration.ofMinutes(5), SECOND, Duration.ofSeconds(8), Duration.ofSeconds(5), most));
    }

    private Watch watch(String name) {
        Watch watch = resolver.watch(name, () -> told.add(name));
        agenda.run();
        return watch;
    }

    private void answer(String name, Answer answer) {
        names.answer(name, answer);
        agenda.run();
    }

    private static List<String> addresses(Watch watch) {
        return watch.view().addresses().stream()
                .map(one -> one.address().getHostAddress())
                .toList();
    }

    @Test
    void tellsOnceWhatANameStandsForInAnOrderOfItsOwn() {
        Watch watch = watch("a.test");
        assertThat(watch.view().state()).isEqualTo(State.PENDING);

        answer("a.test", Names.found("10.0.0.2", "10.0.0.1", "10.0.0.2"));
        assertThat(addresses(watch)).containsExactly("10.0.0.1", "10.0.0.2");
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));
        assertThat(told).containsExactly("a.test");
    }

    @Test
    void looksUpOnceForAllWhoWatch() {
        watch("a.test");
        Watch second = watch("a.test");
        answer("a.test", Names.found("10.0.0.1"));
        Watch third = watch("a.test");

        assertThat(addresses(second)).containsExactly("10.0.0.1");
        assertThat(addresses(third)).containsExactly("10.0.0.1");
        assertThat(names.asked()).isOne();
    }

    @Test
    void asksAgainWhenTheTimeIsOverAndUsesTheOldAnswerMeanwhile() {
        Watch watch = watch("a.test");
        answer("a.test", Names.foundFor(SECOND.multipliedBy(20), "10.0.0.1"));
        agenda.pass(Duration.ofMillis(19_999));
        assertThat(names.asked()).isOne();

        agenda.pass(Duration.ofMillis(1));
        assertThat(names.asked()).isEqualTo(2);
        assertThat(addresses(watch)).containsExactly("10.0.0.1");
        answer("a.test", Names.found("10.0.0.2"));
        assertThat(addresses(watch)).containsExactly("10.0.0.2");
    }

    @Test
    void asksForAnAnswerOfNoDurationOnceASecond() {
        watch("a.test");
        for (int i = 0; i < 10; i++) {
            answer("a.test", Names.foundFor(Duration.ZERO, "10.0.0.1"));
            agenda.pass(SECOND);
        }

        assertThat(names.asked()).isEqualTo(11);
    }

    @Test
    void keepsAddressesForTheStaleTimeWhileLookUpsFail() {
        Watch watch = watch("a.test");
        answer("a.test", Names.found("10.0.0.1"));
        agenda.pass(Duration.ofMinutes(1));
        Duration failing = Duration.ZERO;
        while (failing.compareTo(Duration.ofMinutes(4)) < 0) {
            answer("a.test", new Answer.Failed("silence"));
            assertThat(addresses(watch)).containsExactly("10.0.0.1");
            agenda.pass(Duration.ofSeconds(30));
            failing = failing.plusSeconds(30);
        }

        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", new Answer.Failed("silence"));
        assertThat(watch.view()).isEqualTo(NameView.none("silence"));
        assertThat(resolver.failures()).isEqualTo(9);
    }

    @Test
    void dropsAddressesAtOnceIfTheNameIsGone() {
        Watch watch = watch("a.test");
        answer("a.test", Names.found("10.0.0.1"));
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", new Answer.Missing("no such name"));

        assertThat(watch.view()).isEqualTo(NameView.none("no such name"));
        assertThat(told).hasSize(2);
    }

    @Test
    void pausesLongerAfterEveryFailureUpToALimit() {
        watch("a.test");
        assertThat(pauses(new Answer.Failed("silence"))).containsExactly(1, 2, 4, 8, 16, 30, 30);
        answer("a.test", Names.foundFor(SECOND, "10.0.0.1"));
        agenda.pass(SECOND);
        assertThat(pauses(new Answer.Missing("no such name"))).containsExactly(1, 2, 4, 8, 8, 8, 8);
    }

    private List<Integer> pauses(Answer failure) {
        List<Integer> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            answer("a.test", failure);
            int before = names.asked();
            int seconds = 0;
            while (names.asked() == before && seconds < 100) {
                agenda.pass(SECOND);
                seconds++;
            }
            pauses.add(seconds);
        }
        return pauses;
    }

    @Test
    void letsGoThoseWhoWaitForASlowAnswerAndStillTakesIt() {
        Watch watch = watch("a.test");
        agenda.pass(Duration.ofMillis(4_999));
        assertThat(told).isEmpty();
        agenda.pass(Duration.ofMillis(1));
        assertThat(watch.view().state()).isEqualTo(State.NONE);
        assertThat(told).hasSize(1);

        answer("a.test", Names.found("10.0.0.1"));
        assertThat(addresses(watch)).containsExactly("10.0.0.1");
    }

    @Test
    void forgetsWhatNobodyWatchesWhenItsTimeIsOver() {
        Watch watch = watch("a.test");
        answer("a.test", Names.found("10.0.0.1"));
        watch.close();
        assertThat(addresses(watch("a.test"))).as("a reload keeps it").containsExactly("10.0.0.1");

        Watch other = watch("b.test");
        answer("b.test", Names.found("10.0.0.2"));
        other.close();
        agenda.pass(Duration.ofMinutes(1));
        assertThat(resolver.known()).isOne();
        assertThat(names.asked()).isEqualTo(3);
    }

    @Test
    void keepsNoMoreUnwatchedNamesThanItMay() {
        HostResolver small = resolver(2);
        for (int i = 0; i < 20; i++) {
            small.watch("n" + i + ".test", () -> {}).close();
            agenda.run();
        }

        assertThat(small.known()).isLessThanOrEqualTo(3);
    }
}
