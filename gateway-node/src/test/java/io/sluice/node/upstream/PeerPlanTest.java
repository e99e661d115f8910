package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.Configs;
import io.sluice.state.model.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerPlanTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "api.test,      127.0.0.1:8080, api.test:8080",
                "api.test,      127.0.0.1:80,   api.test",
                "api.test:9000, 127.0.0.1:8080, api.test:9000",
                "'[::1]',       127.0.0.1:8080, '[::1]:8080'",
                "-,             127.0.0.1:8080, 127.0.0.1:8080",
                "-,             '[::1]:8080',   '[::1]:8080'",
                "-,             127.0.0.1:80,   127.0.0.1"
            })
    void namesThePortUnlessItIsTheUsualOne(String header, String target, String sent) {
        PeerPlan plan = plan(header, false, target);
        PeerPlan.Member member = plan.members().get(0);

        assertThat(plan.header(member, member.port(), "")).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, true, n1.test:7000", "-, false, a.test:7000", "api.test, true, api.test:7000"})
    void callsAServerAsItsRecordDoesIfThatIsWanted(String header, boolean serverNames, String sent) {
        PeerPlan plan = plan(header, serverNames, "a.test:80");

        assertThat(plan.header(plan.members().get(0), 7000, "n1.test")).isEqualTo(sent);
    }

    @Test
    void isTheSameInWhateverOrderTargetsAre() {
        assertThat(plan(null, false, "b.test:80", "a.test:80", "a.test:443"))
                .isEqualTo(plan(null, false, "a.test:443", "b.test:80", "a.test:80"));
    }

    private static PeerPlan plan(String hostHeader, boolean serverNames, String... targets) {
        List<Target> members = List.of(targets).stream()
                .map(target -> new Target(Configs.id(target), Configs.id("u"), target, 100, List.of(), 0, 0))
                .toList();
        return PeerPlan.of(false, Upstreams.upstream(hostHeader, serverNames), members);
    }
}
