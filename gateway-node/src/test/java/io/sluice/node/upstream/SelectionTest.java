package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.balance.Balancer;
import io.sluice.node.balance.Candidates;
import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
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
                List.of(),
                0,
                0);
    }

    private String next() {
        return selection.next() instanceof Endpoint endpoint ? endpoint.ip() : "none";
    }

    @Test
    void triesEveryOtherTargetBeforeOneThatHasFailed() {
        selection.begin(to("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));

        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed();
        assertThat(next()).isEqualTo("10.0.0.2");
        selection.failed();
        assertThat(next()).isEqualTo("10.0.0.3");
        selection.failed();
        assertThat(next()).isEqualTo("10.0.0.1");
        selection.failed();
        assertThat(next()).isEqualTo("10.0.0.2");
    }

    @Test
    void staysWithATargetThatDidNothingWrong() {
        selection.begin(to("10.0.0.1:80", "10.0.0.2:80"));
        next();
        selection.failed();
        next();
        selection.again();

        assertThat(next()).isEqualTo("10.0.0.2");
        selection.failed();
        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void forgetsWhatFailedWithTheRequest() {
        Destination destination = to("10.0.0.1:80", "10.0.0.2:80");
        selection.begin(destination);
        next();
        selection.failed();
        selection.begin(destination);

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
        selection.begin(Destination.ofUpstream(Configs.service("s", 1), upstream(), members, other, resolver));
        assertThat(selection.next()).isInstanceOf(Choice.Resolving.class);
        lookups.remove().run();

        assertThat(next()).isEqualTo("10.0.0.9");
    }

    @Test
    void passesOverTargetsWhoseNamesDoNotResolve() {
        selection.begin(to("gone1.test:80", "gone2.test:80", "10.0.0.1:80"));
        while (selection.next() instanceof Choice.Resolving) {
            lookups.remove().run();
        }
        selection.failed();

        assertThat(next()).isEqualTo("10.0.0.1");
    }

    @Test
    void saysWhetherThereIsNoTargetOrNoneThatResolves() {
        selection.begin(to());
        assertThat(selection.next()).isEqualTo(Choice.NoPeer.INSTANCE);

        selection.begin(to("gone1.test:80", "gone2.test:80"));
        Choice choice = selection.next();
        while (choice instanceof Choice.Resolving) {
            lookups.remove().run();
            choice = selection.next();
        }
        assertThat(choice).isEqualTo(Choice.Unresolved.INSTANCE);
    }
}
