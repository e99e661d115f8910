package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.state.health.UpstreamProbe.Now;
import io.sluice.state.health.UpstreamProbe.Probed;
import io.sluice.state.health.UpstreamProbe.Replace;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When which address is probed. */
class UpstreamProbeTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST = INTERVAL.plusSeconds(1);

    private record Begun(TargetAddress address, Optional<String> host, CompletableFuture<ProbeResult> result) {}

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<Probed> results = kit.createTestProbe();
    private final Queue<Begun> begun = new ConcurrentLinkedQueue<>();
    private final Healthchecks.Active active =
            HealthSamples.checks(INTERVAL, INTERVAL).active();
    private final List<TargetAddress> addresses = HealthCluster.addresses("u", 4);

    private final Prober prober = (address, how, host) -> {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        begun.add(new Begun(address, host, result));
        return result;
    };

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    private ActorRef<UpstreamProbe.Command> spawn(Prober with) {
        return kit.spawn(UpstreamProbe.create(with, new Random(1), results.ref()::tell));
    }

    private Replace replace(int count, int concurrency) {
        Map<TargetAddress, Assignment> assignments = new HashMap<>();
        addresses.subList(0, count).forEach(address -> assignments.put(address, new Assignment(INTERVAL, active)));
        return new Replace(assignments, concurrency, Optional.of("host"));
    }

    private void awaitBegun(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> begun.size() == count);
    }

    /** Lets time pass once the actor has taken in what it was told. */
    private void pass(Duration duration) {
        results.expectNoMessage(Duration.ZERO);
        time.timePasses(duration);
    }

    private void told(ActorRef<UpstreamProbe.Command> probe) {
        int before = begun.size();
        probe.tell(new Now(addresses.get(3), active, Optional.empty(), 99));
        awaitBegun(before + 1);
        begun.removeIf(one -> one.host().isEmpty());
    }

    @Test
    void probesEachAddressWithinItsIntervalAndThenAtIt() {
        ActorRef<UpstreamProbe.Command> probe = spawn(prober);
        probe.tell(replace(3, 10));
        told(probe);

        pass(INTERVAL);
        awaitBegun(3);
        assertThat(begun.stream().map(Begun::address)).containsExactlyInAnyOrderElementsOf(addresses.subList(0, 3));
        begun.forEach(one -> one.result().complete(new ProbeResult.Answered(200)));
        assertThat(Stream.generate(results::receiveMessage).limit(3))
                .allMatch(one -> one.number() == 0)
                .extracting(Probed::result)
                .containsOnly(new ProbeResult.Answered(200));

        pass(LONGEST);
        awaitBegun(6);
        assertThat(begun).allMatch(one -> one.host().equals(Optional.of("host")));
    }

    @Test
    void hasNoMoreOnTheirWayThanAllowed() {
        ActorRef<UpstreamProbe.Command> probe = spawn(prober);
        probe.tell(replace(3, 2));
        told(probe);
        pass(INTERVAL);
        awaitBegun(2);

        begun.element().result().complete(new ProbeResult.TimedOut());
        awaitBegun(3);

        assertThat(begun.stream().map(Begun::address).distinct()).hasSize(3);
    }

    @Test
    void oneThatIsStillOnItsWayIsNotProbedTwice() {
        ActorRef<UpstreamProbe.Command> probe = spawn(prober);
        probe.tell(replace(1, 10));
        told(probe);
        pass(INTERVAL);
        awaitBegun(1);

        pass(LONGEST);
        told(probe);
        assertThat(begun).hasSize(1);

        begun.element().result().complete(new ProbeResult.TimedOut());
        results.receiveMessage();
        pass(LONGEST);
        awaitBegun(2);
    }

    @Test
    void oneThatIsAskedForWaitsForNothing() {
        ActorRef<UpstreamProbe.Command> probe = spawn(prober);
        probe.tell(replace(1, 1));
        told(probe);
        pass(INTERVAL);
        awaitBegun(1);

        probe.tell(new Now(addresses.get(2), active, Optional.empty(), 7));
        awaitBegun(2);
        begun.forEach(one -> one.result().complete(new ProbeResult.Refused("no")));

        assertThat(Stream.generate(results::receiveMessage).limit(2))
                .extracting(Probed::number)
                .containsExactlyInAnyOrder(0L, 7L);
    }

    @Test
    void whatIsTakenAwayIsNotProbedAnyMore() {
        ActorRef<UpstreamProbe.Command> probe = spawn(prober);
        probe.tell(replace(3, 10));
        probe.tell(replace(1, 10));
        told(probe);

        pass(INTERVAL);
        awaitBegun(1);
        told(probe);

        assertThat(begun).hasSize(1);
    }

    @Test
    void proberThatThrowsIsAFailureAndNotTheEnd() {
        ActorRef<UpstreamProbe.Command> probe = spawn((address, how, host) -> {
            throw new IllegalStateException("a bug");
        });
        probe.tell(new Now(addresses.get(0), active, Optional.empty(), 1));
        ProbeResult first = results.receiveMessage().result();
        probe.tell(new Now(addresses.get(0), active, Optional.empty(), 2));

        assertThat(first).isInstanceOf(ProbeResult.Refused.class);
        assertThat(results.receiveMessage().number()).isEqualTo(2);
    }
}
