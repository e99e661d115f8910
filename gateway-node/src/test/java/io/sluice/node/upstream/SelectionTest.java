package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import io.sluice.node.dns.Answer;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.ManualAgenda;
import io.sluice.node.dns.Names;
import io.sluice.node.dns.ResolverTimes;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import io.sluice.state.model.UpstreamOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private final ManualAgenda agenda = new ManualAgenda();
    private final Names names = new Names();
    private final HostResolver resolver = new HostResolver(names, agenda, ResolverTimes.DEFAULT);
    private final Selection selection = new Selection();

    /** Always the first usable one. */
    private static Balancer first(int peers) {
        return candidates -> {
            for (int i = 0; i < peers; i++) {
                if (candidates.usable(i)) {
                    return i;
                }
            }
            return Balancer.NONE;
        };
    }

    private LivePeers live(IntFunction<Balancer> balancer, String... targets) {
        return live(UpstreamHealth.none(), balancer, targets);
    }

    private LivePeers live(UpstreamHealth health, IntFunction<Balancer> balancer, String... targets) {
        List<Target> members = Arrays.stream(targets)
                .map(target -> new Target(Configs.id(target), Configs.id("u"), target, 100, List.of(), 0, 0))
                .toList();
        PeerPlan plan = PeerPlan.of(false, Upstreams.upstream(null, false), members);
        LivePeers live = LivePeers.open(
                plan, new UpstreamMemory(health), resolver, UpstreamGuard.NONE, peers -> balancer.apply(peers.size()));
        agenda.run();
        return live;
    }

    private Destination to(String... targets) {
        return new Destination(live(SelectionTest::first, targets));
    }

    private void answer(String name, Answer answer) {
        names.answer(name, answer);
        agenda.run();
    }

    private void begin(Destination destination) {
        selection.begin(destination, null, null);
    }

    private String next() {
        return selection.next(0) instanceof Endpoint endpoint ? endpoint.ip() : "none";
    }

    @Test
    void triesEveryOtherTargetBeforeOneThatHasFailed() {
        begin(to("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));

        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.2");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.3");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.2");
    }

    @Test
    void staysWithATargetThatDidNothingWrong() {
        begin(to("10.0.0.1:80", "10.0.0.2:80"));
        next();
        selection.failed(0);
        next();
        selection.again();

        assertThat(next()).isEqualTo("10.0.0.2");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void forgetsWhatFailedWithTheRequest() {
        Destination destination = to("10.0.0.1:80", "10.0.0.2:80");
        begin(destination);
        next();
        selection.failed(0);
        begin(destination);

        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void goesOnWithTheNewAddressesWhenTheNameItWaitedForResolves() {
        begin(to("a.test:80"));
        assertThat(selection.next(0)).isInstanceOf(Choice.Resolving.class);
        answer("a.test", Names.found("10.0.0.9"));

        assertThat(next()).isEqualTo("10.0.0.9");
    }

    @Test
    void passesOverTargetsWhoseNamesDoNotResolve() {
        begin(to("gone1.test:80", "gone2.test:80", "10.0.0.1:80"));
        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void keepsToThePeersThatItBeganWith() {
        LivePeers live = live(SelectionTest::first, "a.test:80");
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));
        begin(new Destination(live));
        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed(0);
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.0", "10.0.0.1", "10.0.0.2"));

        assertThat(next()).isEqualTo("10.0.0.2");
        begin(new Destination(live));
        assertThat(next()).isEqualTo("10.0.0.0");
    }

    @Test
    void endsAtTheBalancerThatItStartedAt() {
        int[] active = {0};
        Balancer counting = new Balancer() {
            @Override
            public int pick(Candidates candidates) {
                return 0;
            }

            @Override
            public void started(int target) {
                active[0]++;
            }

            @Override
            public void ended(int target) {
                active[0]--;
            }
        };
        begin(new Destination(live(peers -> counting, "10.0.0.1:80")));
        next();
        assertThat(active[0]).isOne();
        selection.failed(0);
        next();
        assertThat(active[0]).isOne();
        selection.end();
        selection.end();
        assertThat(active[0]).isZero();
    }

    @Test
    void usesNothingOfAnUpstreamThatIsNotHealthyAsAWhole() {
        LivePeers live = live(SelectionTest::first, "10.0.0.1:80");
        live.judge(100); // nothing is more
        begin(new Destination(live));
        assertThat(selection.next(0)).isEqualTo(Choice.NoPeer.INSTANCE);

        live.judge(99);
        assertThat(next()).isEqualTo("10.0.0.1");
    }

    private Destination suspecting(List<String> suspects, String... targets) {
        UpstreamHealth health = new UpstreamHealth(new Suspecting(suspects));
        return new Destination(live(health, SelectionTest::first, targets));
    }

    @Test
    void prefersTargetsWhoseConnectionsHaveNotJustFailed() {
        begin(suspecting(List.of("10.0.0.1"), "10.0.0.1:80", "10.0.0.2:80"));

        assertThat(next()).isEqualTo("10.0.0.2");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void usesSuspectsWhereNothingElseIsLeft() {
        begin(suspecting(List.of("10.0.0.1", "10.0.0.2"), "10.0.0.1:80", "10.0.0.2:80"));

        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed(0);
        assertThat(next()).isEqualTo("10.0.0.2");
    }

    private Destination hedged(double percent, String... targets) {
        return new Destination(
                live(SelectionTest::first, targets),
                null,
                null,
                Upstreams.guard(new UpstreamOptions.Hedging(50, percent)));
    }

    private String beside() {
        Endpoint place = selection.hedge(1);
        return place == null ? "none" : place.ip();
    }

    @Test
    void hasNoSecondTriesUnlessTheyAreSet() {
        begin(to("10.0.0.1:80", "10.0.0.2:80"));
        assertThat(selection.enter(0)).isTrue();
        next();

        assertThat(selection.hedgeDelay()).isEqualTo(Long.MAX_VALUE);
        assertThat(beside()).isEqualTo("none");
    }

    @Test
    void sendsASecondTryToAnotherAddressAndEachTryFailsItsOwnTarget() {
        begin(hedged(100, "10.0.0.1:80", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
        assertThat(selection.enter(0)).isTrue();
        assertThat(next()).isEqualTo("10.0.0.1");

        assertThat(selection.hedgeDelay()).isEqualTo(50);
        assertThat(beside()).isEqualTo("10.0.0.2");
        selection.swap();
        selection.failed(2);
        selection.swap();
        selection.failed(3);
        assertThat(next()).isEqualTo("10.0.0.1"); // the other target there
        selection.failed(4);
        assertThat(next()).isEqualTo("10.0.0.3");
    }

    @Test
    void givesBackWhatASecondTryWithoutATargetHadTaken() {
        Destination twice = hedged(100, "10.0.0.1:80", "10.0.0.1:80");
        begin(twice);
        assertThat(selection.enter(0)).isTrue();
        next();

        assertThat(beside()).isEqualTo("none");
        assertThat(twice.guard().hedges().take(1)).isTrue();
    }

    @Test
    void sendsNoSecondTryBeyondTheirBound() {
        begin(hedged(99, "10.0.0.1:80", "10.0.0.2:80"));
        assertThat(selection.enter(0)).isTrue();
        next();

        assertThat(beside()).isEqualTo("none");
    }

    @Test
    void saysWhetherThereIsNoTargetOrNoneThatResolves() {
        begin(to());
        assertThat(selection.next(0)).isEqualTo(Choice.NoPeer.INSTANCE);

        begin(to("gone1.test:80", "gone2.test:80"));
        answer("gone1.test", new Answer.Missing("no such name"));
        assertThat(selection.next(0)).isInstanceOf(Choice.Resolving.class);
        answer("gone2.test", new Answer.Missing("no such name"));
        assertThat(selection.next(0)).isEqualTo(Choice.Unresolved.INSTANCE);
    }
}
