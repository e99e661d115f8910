package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.UpstreamOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private final Queue<Runnable> lookups = new ArrayDeque<>();
    private final HostResolver resolver = new HostResolver(SelectionTest::lookUp, lookups::add, () -> 0);
    private final Selection selection = new Selection();

    /** Always the first usable one. */
    private static Balancer first(int targets) {
        return candidates -> {
            for (int i = 0; i < targets; i++) {
                if (candidates.usable(i)) {
                    return i;
                }
            }
            return Balancer.NONE;
        };
    }

    private static List<InetAddress> lookUp(String name) throws UnknownHostException {
        if (name.startsWith("gone")) {
            throw new UnknownHostException(name);
        }
        return List.of(InetAddress.getByAddress(new byte[] {10, 0, 0, 9}));
    }

    private Destination to(String... targets) {
        List<Target> members = Arrays.stream(targets)
                .map(target -> new Target(Configs.id(target), Configs.id("u"), target, 100, List.of(), 0, 0))
                .toList();
        return Destination.ofUpstream(Configs.service("s", 1), upstream(), members, first(targets.length), resolver);
    }

    private static Upstream upstream() {
        return new Upstream(
                Configs.id("u"),
                "u",
                Upstream.Algorithm.ROUND_ROBIN,
                10,
                Upstream.HashOn.NONE,
                Upstream.HashOn.NONE,
                Map.of(),
                null,
                null,
                false,
                Map.of(),
                UpstreamOptions.NONE,
                List.of(),
                0,
                0);
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
    void goesToTheTargetWhoseNameItWaitedFor() {
        Balancer other = new Balancer() {
            private int picks;

            @Override
            public int pick(Candidates candidates) {
                return picks++;
            }
        };
        List<Target> members = List.of(
                new Target(Configs.id("a"), Configs.id("u"), "a.test:80", 100, List.of(), 0, 0),
                new Target(Configs.id("b"), Configs.id("u"), "10.0.0.1:80", 100, List.of(), 0, 0));
        begin(Destination.ofUpstream(Configs.service("s", 1), upstream(), members, other, resolver));
        assertThat(selection.next(0)).isInstanceOf(Choice.Resolving.class);
        lookups.remove().run();

        assertThat(next()).isEqualTo("10.0.0.9");
    }

    @Test
    void passesOverTargetsWhoseNamesDoNotResolve() {
        begin(to("gone1.test:80", "gone2.test:80", "10.0.0.1:80"));
        while (selection.next(0) instanceof Choice.Resolving) {
            lookups.remove().run();
        }
        selection.failed(0);

        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void saysWhetherThereIsNoTargetOrNoneThatResolves() {
        begin(to());
        assertThat(selection.next(0)).isEqualTo(Choice.NoPeer.INSTANCE);

        begin(to("gone1.test:80", "gone2.test:80"));
        Choice choice = selection.next(0);
        while (choice instanceof Choice.Resolving) {
            lookups.remove().run();
            choice = selection.next(0);
        }
        assertThat(choice).isEqualTo(Choice.Unresolved.INSTANCE);
    }
}
