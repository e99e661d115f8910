package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Active;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** One node of three that watches an address, and all that it does. */
class OneOfThree {

    static final long OTHER = 22;
    static final long THIRD = 33;
    static final Duration SECOND = Duration.ofSeconds(1);

    record Sent(long node, HealthMessage message) {}

    final List<Sent> sent = new ArrayList<>();
    final List<Long> probing = new ArrayList<>();
    final List<HealthChange> changes = new ArrayList<>();
    final List<TargetState> untold = new ArrayList<>();
    final HealthTable table = new HealthTable(cell -> {});
    long now = 1_790_000_000_000L;
    boolean inContact = true;
    final HealthScope scope = new HealthScope(table, new Recorded(), () -> now, () -> inContact);
    final HealthDecisions decisions = new HealthDecisions(scope);
    final Marks marks = new Marks(scope, decisions.rulings());
    final Upkeep upkeep = new Upkeep(scope, decisions, marks);
    final TargetAddress address = HealthSamples.ONE;
    Healthchecks checks = HealthSamples.checks(SECOND, SECOND);
    long self;
    long second;
    TargetState state;

    final class Recorded implements HealthEffects {

        @Override
        public void send(long member, HealthMessage message) {
            sent.add(new Sent(member, message));
        }

        @Override
        public void replicate(List<Verdict> verdicts) {}

        @Override
        public void forget(long horizon) {}

        @Override
        public void probe(WatchedUpstream upstream, TargetAddress address, Active how, long number) {
            probing.add(number);
        }

        @Override
        public void deadline(long number, Duration in) {}

        @Override
        public void changed(HealthChange change) {
            changes.add(change);
        }

        @Override
        public void reassign(String upstream) {}

        @Override
        public void tellSoon(TargetState state) {
            untold.add(state);
        }
    }

    /** This node is the owner; {@link #member} makes it somebody else. */
    @BeforeEach
    void own() {
        Owners owners = Owners.of(address, new long[] {11, OTHER, THIRD});
        self = owners.owner();
        second = owners.second();
        watch(self);
    }

    void watch(long as) {
        WatchedUpstream upstream = new WatchedUpstream("orders", checks, Optional.empty(), List.of(address));
        table.watch(upstream);
        decisions.circle(new Circle(as, true, List.of(11L, OTHER, THIRD)));
        upkeep.contact();
        upkeep.watch(upstream);
        state = scope.state(address);
        sent.clear();
        untold.clear();
    }

    /** Only what requests see counts. */
    void watchTrafficOnly(long as) {
        checks = HealthSamples.passive();
        watch(as);
    }

    void probed(Finding finding, int times) {
        for (int i = 0; i < times; i++) {
            decisions.probed(state, checks.active(), finding, finding.name());
        }
    }

    void refused(int times) {
        for (int i = 0; i < times; i++) {
            state.cell.failed(Failure.TCP);
        }
        decisions.look(state);
    }

    void answered(int status, int times) {
        for (int i = 0; i < times; i++) {
            state.cell.responded(status);
        }
        decisions.look(state);
    }

    <T extends HealthMessage> List<T> sent(Class<T> type) {
        return sent.stream()
                .map(Sent::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<Long> sentTo(Class<? extends HealthMessage> type) {
        return sent.stream()
                .filter(one -> type.isInstance(one.message()))
                .map(Sent::node)
                .toList();
    }

    boolean up() {
        return table.isUp(address);
    }

    long third() {
        return 11 + OTHER + THIRD - self - second;
    }

    /** Who keeps away by itself tries it again by itself: how its probes are done says {@link Upkeep}. */
    void connected(Finding finding) {
        Assignment assignment =
                upkeep.assignments(table.upstream("orders").orElseThrow()).get(address);
        decisions.probed(state, assignment.how(), finding, finding.name());
    }

    void after(Duration time) {
        now += time.toMillis();
        upkeep.second();
    }
}
