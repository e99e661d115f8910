package io.sluice.state.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node by itself: Kong's behaviour. */
class HealthKeeperTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final ActorTestKit kit = ActorTestKit.create();
    private final Set<TargetAddress> dead = ConcurrentHashMap.newKeySet();
    private final Set<TargetAddress> probed = ConcurrentHashMap.newKeySet();
    private final List<HealthChange> changes = new CopyOnWriteArrayList<>();
    private final ClusterHealth health = ClusterHealth.alone(
            (address, how, host) -> {
                probed.add(address);
                return CompletableFuture.completedFuture(
                        dead.contains(address) ? new ProbeResult.TimedOut() : new ProbeResult.Answered(200));
            },
            kit.system());
    private final List<TargetAddress> addresses = HealthCluster.addresses("u", 2);
    private final TargetAddress address = addresses.get(0);
    private final TargetHealth target = health.of(address);

    HealthKeeperTest() {
        health.subscribe(changes::add);
    }

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    private void watch(Healthchecks checks) {
        health.watch(new WatchedUpstream("u", checks, Optional.empty(), addresses));
    }

    /** A keeper that looks while a request is just being counted tells besides that the node itself keeps away. */
    private List<HealthChange> verdicts() {
        return changes.stream().filter(HealthChange::shared).toList();
    }

    private void awaitUsable(boolean usable) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> target.usable() == usable);
    }

    @Test
    void probesBringATargetDownAndUp() {
        watch(HealthSamples.checks(OFTEN, OFTEN));

        dead.add(address);
        awaitUsable(false);
        dead.remove(address);
        awaitUsable(true);

        await().atMost(LONG).until(() -> changes.size() == 2);
        assertThat(changes)
                .extracting(HealthChange::cause)
                .containsExactly(Cause.PROBES_TIMED_OUT, Cause.PROBES_SUCCEEDED);
        assertThat(health.of(addresses.get(1)).usable()).isTrue();
    }

    @Test
    void trafficBringsATargetDownAndOnlyPeopleUp() throws Exception {
        watch(HealthSamples.passive());

        target.failed(Failure.TCP);
        boolean early = target.usable();
        target.failed(Failure.TCP);
        boolean atOnce = target.usable();
        await().atMost(LONG).until(() -> verdicts().size() == 1);
        boolean known = health.mark("u", address.target(), Optional.empty(), true)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(early).isTrue();
        assertThat(atOnce).isFalse();
        assertThat(verdicts()).extracting(HealthChange::cause).startsWith(Cause.TRAFFIC_REFUSED);
        assertThat(known).isTrue();
        assertThat(target.usable()).isTrue();
        assertThat(probed).isEmpty();
    }

    @Test
    void watchingAgainKeepsWhatIsKnown() throws Exception {
        watch(HealthSamples.passive());
        target.failed(Failure.TCP);
        target.failed(Failure.TCP);
        await().atMost(LONG).until(() -> verdicts().size() == 1);

        health.forget("u");
        watch(HealthSamples.checks(Duration.ofHours(1), Duration.ofHours(1)));
        HealthReport report = health.report().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(health.of(address)).isSameAs(target);
        assertThat(target.usable()).isFalse();
        assertThat(report.nodes()).singleElement().satisfies(node -> {
            assertThat(node.answered()).isTrue();
            assertThat(node.targets())
                    .extracting(HealthReport.TargetView::usable)
                    .containsExactly(false, true);
        });
    }
}
