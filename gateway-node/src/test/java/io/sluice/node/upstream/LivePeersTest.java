package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.balance.Candidates;
import io.sluice.node.balance.TargetLoad;
import io.sluice.node.dns.Answer;
import io.sluice.node.dns.HostResolver;
import io.sluice.node.dns.ManualAgenda;
import io.sluice.node.dns.Names;
import io.sluice.node.dns.ResolvedAddress;
import io.sluice.node.dns.ResolverTimes;
import io.sluice.node.guard.UpstreamGuard;
import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LivePeersTest {

    private final ManualAgenda agenda = new ManualAgenda();
    private final Names names = new Names();
    private final HostResolver resolver = new HostResolver(names, agenda, ResolverTimes.DEFAULT);
    private final UpstreamMemory memory = new UpstreamMemory(UpstreamHealth.none());

    /** The targets in the form {@code a.test:80*100}. */
    private LivePeers open(Upstream.Algorithm algorithm, boolean serverNames, String... targets) {
        List<Target> members = Arrays.stream(targets)
                .map(text -> text.split("\\*"))
                .map(text -> new Target(
                        Configs.id(text[0]), Configs.id("u"), text[0], Integer.parseInt(text[1]), List.of(), 0, 0))
                .toList();
        PeerPlan plan = PeerPlan.of(false, Upstreams.upstream(algorithm, null, serverNames), members);
        LivePeers live = LivePeers.open(plan, memory, resolver, UpstreamGuard.NONE);
        agenda.run();
        return live;
    }

    private LivePeers open(String... targets) {
        return open(Upstream.Algorithm.ROUND_ROBIN, false, targets);
    }

    private void answer(String name, Answer answer) {
        names.answer(name, answer);
        agenda.run();
    }

    private static Map<String, Integer> weights(LivePeers live) {
        Map<String, Integer> weights = new TreeMap<>();
        for (Peer peer : live.current().all()) {
            weights.put(peer.endpoint().ip() + " " + peer.endpoint().port(), peer.weight());
        }
        return weights;
    }

    @Test
    void givesEveryAddressOfATargetItsWeight() {
        LivePeers live = open("a.test:80*7", "10.0.0.9:81*3");
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));

        assertThat(weights(live)).isEqualTo(Map.of("10.0.0.1 80", 7, "10.0.0.2 80", 7, "10.0.0.9 81", 3));
    }

    @Test
    void takesPortWeightAndNameFromServiceRecords() {
        LivePeers live = open(Upstream.Algorithm.ROUND_ROBIN, true, "a.test:80*7");
        answer(
                "a.test",
                new Answer.Found(
                        List.of(
                                new ResolvedAddress(Names.address("10.0.0.1"), 7000, 20, "n1.test"),
                                new ResolvedAddress(Names.address("10.0.0.2"), 0, 1, "n2.test")),
                        Duration.ofMinutes(1)));

        assertThat(weights(live)).isEqualTo(Map.of("10.0.0.1 7000", 20, "10.0.0.2 80", 1));
        assertThat(live.current().all())
                .extracting(peer -> peer.endpoint().hostHeader())
                .containsExactly("n1.test:7000", "n2.test");
    }

    @Test
    void neverUsesATargetOfNoWeightWhateverItsServiceRecordsSay() {
        LivePeers live = open("a.test:80*0");
        answer(
                "a.test",
                new Answer.Found(
                        List.of(new ResolvedAddress(Names.address("10.0.0.1"), 7000, 20, "n1.test")),
                        Duration.ofMinutes(1)));

        assertThat(weights(live)).isEqualTo(Map.of("10.0.0.1 7000", 0));
        assertThat(live.current().absence()).isEqualTo(Choice.NoPeer.INSTANCE);
    }

    @Test
    void letsRequestsWaitOnlyWhileNoAddressIsKnown() {
        LivePeers live = open("a.test:80*1", "b.test:80*1");
        Choice.Resolving waiting = (Choice.Resolving) live.current().absence();
        assertThat(waiting.done().toCompletableFuture()).isNotDone();

        answer("b.test", Names.found("10.0.0.2"));
        assertThat(waiting.done().toCompletableFuture()).isCompleted();
        assertThat(weights(live)).containsOnlyKeys("10.0.0.2 80");
        assertThat(live.current().absence()).isEqualTo(Choice.NoPeer.INSTANCE);
        assertThat(open("a.test:80*1", "10.0.0.9:80*1").current().absence())
                .as("a literal address is there at once")
                .isEqualTo(Choice.NoPeer.INSTANCE);
    }

    @Test
    void saysThatNoNameResolvesAndTakesTheAddressWhenOneDoes() {
        LivePeers live = open("a.test:80*1");
        answer("a.test", new Answer.Failed("silence"));
        assertThat(live.current().absence()).isEqualTo(Choice.Unresolved.INSTANCE);

        agenda.pass(Duration.ofSeconds(1));
        answer("a.test", Names.found("10.0.0.1"));
        assertThat(weights(live)).containsOnlyKeys("10.0.0.1 80");
    }

    @Test
    void isMadeAnewOnceForManyNamesThatChangeTogether() {
        LivePeers live = open("a.test:80*1", "b.test:80*1", "c.test:80*1");
        Peers before = live.current();
        List.of("a.test", "b.test", "c.test").forEach(name -> names.answer(name, Names.found("10.0.0.1")));
        int[] changes = {0};
        Choice.Resolving waiting = (Choice.Resolving) before.absence();
        waiting.done().thenAccept(done -> changes[0] = live.current().all().size());
        agenda.run();

        assertThat(changes[0]).isEqualTo(3);
    }

    @Test
    void knowsAnAddressAgainAfterAReloadAndALookUp() {
        LivePeers live = open("a.test:80*1");
        answer("a.test", Names.found("10.0.0.1"));
        Peer before = live.current().all().get(0);
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));
        LivePeers reloaded = open("a.test:80*5");
        live.close();

        assertThat(live.current().all().get(0).load()).isSameAs(before.load());
        assertThat(reloaded.current().all().get(0).load()).isSameAs(before.load());
        assertThat(weights(reloaded))
                .as("known without a look-up")
                .isEqualTo(Map.of("10.0.0.1 80", 5, "10.0.0.2 80", 5));
    }

    @Test
    void takesANewAddressAndOneThatComesBackForNew() {
        LivePeers live = open("a.test:80*1");
        answer("a.test", Names.found("10.0.0.1"));
        TargetLoad first = live.current().all().get(0).load();
        long later = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        long age = first.age(later);
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));

        assertThat(first.age(later)).isEqualTo(age);
        assertThat(live.current().all().get(1).load().age(later)).isLessThan(age);

        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.2"));
        agenda.pass(Duration.ofMinutes(1));
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));
        assertThat(live.current().all().get(0).load()).isSameAs(first);
        assertThat(first.age(later)).isZero();
        live.current().usable(0, Peers.Mercy.NONE, later - 5);
        assertThat(first.age(later)).isEqualTo(5);
    }

    @Test
    void givesKeysTheSameAddressOnEveryNode() {
        LivePeers live = open(Upstream.Algorithm.CONSISTENT_HASHING, false, "a.test:80*1", "b.test:80*1");
        answer("a.test", Names.found("10.0.0.1", "10.0.0.2"));
        answer("b.test", Names.found("10.0.0.2", "10.0.0.3"));
        LivePeers other = LivePeers.open(
                PeerPlan.of(
                        false,
                        Upstreams.upstream(Upstream.Algorithm.CONSISTENT_HASHING, null, false),
                        List.of(
                                new Target(Configs.id("b"), Configs.id("u"), "b.test:80", 1, List.of(), 0, 0),
                                new Target(Configs.id("a"), Configs.id("u"), "a.test:80", 1, List.of(), 0, 0))),
                new UpstreamMemory(UpstreamHealth.none()),
                resolver,
                UpstreamGuard.NONE);

        for (long key = 0; key < 200; key++) {
            assertThat(picked(live, key)).isEqualTo(picked(other, key));
        }
    }

    private static Endpoint picked(LivePeers live, long key) {
        Peers peers = live.current();
        int picked = peers.balancer().pick(new Candidates() {
            @Override
            public boolean usable(int target) {
                return true;
            }

            @Override
            public long key() {
                return key * 0x9E3779B97F4A7C15L;
            }
        });
        return peers.at(picked).endpoint();
    }
}
