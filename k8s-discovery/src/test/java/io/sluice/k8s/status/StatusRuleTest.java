package io.sluice.k8s.status;

import static io.sluice.k8s.status.Samples.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.status.Verdict.Word;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusRuleTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final Metadata PLUGIN = Samples.plugin("one", 2).metadata();
    private static final Metadata POLICY = Samples.policy("p").metadata();
    private static final Verdict EVERYWHERE = new Verdict(Word.LIVE, 3, 3, "", true);

    private static final String BEFORE = """
            conditions:
            - {type: Other, status: 'True', reason: R, message: '', lastTransitionTime: '2025-01-01T00:00:00Z'}
            - type: Programmed
              status: '%s'
              observedGeneration: %d
              lastTransitionTime: '2025-01-01T00:00:00Z'
              reason: %s
              message: '%s'
            """;

    @ParameterizedTest(name = "{0} {1} {2} {3} <- {4} {5} {6}")
    @CsvSource({
        // what it says, about which generation; what is to be said, with what detail; what it says then, since when
        "True,    2, Programmed, live on 3 of 3 nodes,    LIVE,    '',   ,       ,",
        "True,    2, Programmed, live on 2 of 2 nodes,    LIVE,    '',   ,       ,", // the cluster has grown since
        "True,    2, Programmed, live on 2 of 3 nodes,    LIVE,    '',   'True Programmed live on 3 of 3 nodes', 2025",
        "True,    1, Programmed, live on 3 of 3 nodes,    LIVE,    '',   'True Programmed live on 3 of 3 nodes', 2025",
        "True,    2, Programmed, live on 3 of 3 nodes,    LIVE,    odd,  'True Programmed live on 3 of 3 nodes; odd', 2025",
        "True,    2, Programmed, live on 3 of 3 nodes; odd, LIVE,  odd,  ,       ,",
        "False,   2, Invalid,    odd,                     LIVE,    '',   'True Programmed live on 3 of 3 nodes', 2026",
        "Unknown, 0, Pending,    nobody has read it,      LIVE,    '',   'True Programmed live on 3 of 3 nodes', 2026",
        "True,    2, Programmed, live on 3 of 3 nodes,    INVALID, odd,  'False Invalid odd', 2026",
        "True,    2, Programmed, live on 3 of 3 nodes,    OUTDATED, odd, 'False Invalid odd', 2026",
        "False,   2, Invalid,    odd,                     INVALID, odd,  ,       ,",
        "False,   1, Invalid,    odd,                     INVALID, odd,  'False Invalid odd', 2025",
        "True,    2, Programmed, live on 3 of 3 nodes,    PENDING, wait, 'False Pending wait', 2026",
        "True,    2, Programmed, live on 3 of 3 nodes,    UNUSED,  idle, 'False Pending idle', 2026",
        "True,    2, Programmed, somebody else says so,   UNUSED,  idle, ,       ,",
        "False,   1, Invalid,    odd,                     UNUSED,  idle, 'False Pending idle', 2025",
        "Unknown, 0, Pending,    nobody has read it,      UNUSED,  idle, ,       ,"
    })
    void aConditionSaysWhatHolds(
            String status,
            long generation,
            String reason,
            String message,
            Word word,
            String detail,
            String then,
            String since) {
        Map<String, Object> present = tree(BEFORE.formatted(status, generation, reason, message));
        Verdict verdict = word == Word.LIVE ? new Verdict(word, 3, 3, detail, true) : Verdict.not(word, detail);

        Optional<Map<String, Object>> change = new ConditionRule(NOW).change(PLUGIN, verdict, present);

        assertThat(change.map(StatusRuleTest::programmed).orElse(null)).isEqualTo(then);
        change.ifPresent(fields -> {
            List<Map<String, Object>> conditions = Trees.objects(fields, "conditions");
            assertThat(conditions).hasSize(2);
            assertThat(conditions.get(0))
                    .isEqualTo(Trees.objects(present, "conditions").get(0));
            assertThat(conditions.get(1)).containsEntry("observedGeneration", 2L);
            assertThat(conditions.get(1).get("lastTransitionTime"))
                    .isEqualTo(since.equals("2025") ? "2025-01-01T00:00:00Z" : "2026-01-31T12:00:00Z");
        });
    }

    private static String programmed(Map<String, Object> fields) {
        Map<String, Object> condition = Trees.objects(fields, "conditions").get(1);
        return condition.get("status") + " " + condition.get("reason") + " " + condition.get("message");
    }

    @Test
    void theFirstConditionIsAdded() {
        assertThat(new ConditionRule(NOW).change(PLUGIN, EVERYWHERE, Map.of()))
                .hasValueSatisfying(fields ->
                        assertThat(Trees.objects(fields, "conditions")).hasSize(1));
    }

    @Test
    void nothingIsSaidWhileNodesAreAboutToFollow() {
        Verdict soon = new Verdict(Word.LIVE, 1, 3, "", false);

        assertThat(new ConditionRule(NOW).change(PLUGIN, soon, Map.of())).isEmpty();
        assertThat(new IngressRule(List.of(Address.of("10.0.0.1"))).change(PLUGIN, soon, Map.of()))
                .isEmpty();
        assertThat(policies(soon, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "LIVE,     '',                                               '[{ip=10.0.0.1}, {hostname=lb.example}]'",
        "LIVE,     '[{ip: 10.0.0.2}]',                               '[{ip=10.0.0.1}, {hostname=lb.example}]'",
        "LIVE,     '[{ip: 10.0.0.1}, {hostname: lb.example}]',       ",
        "LIVE,     '[{ip: 10.0.0.1, hostname: lb.example}]',         ",
        "INVALID,  '[{ip: 10.0.0.1}, {hostname: lb.example}]',       '[]'",
        "INVALID,  '[{ip: 10.0.0.2}]',                               ", // somebody else's
        "OUTDATED, '[{ip: 10.0.0.1}, {hostname: lb.example}]',       ",
        "PENDING,  '[{ip: 10.0.0.1}, {hostname: lb.example}]',       ",
        "PENDING,  '',                                               ",
        "UNUSED,   '[{ip: 10.0.0.1}, {hostname: lb.example}]',       "
    })
    void anIngressHasTheAddressesWhileItIsLive(Word word, String before, String after) {
        Map<String, Object> present = before.isEmpty() ? Map.of() : tree("loadBalancer: {ingress: " + before + "}");
        IngressRule rule = new IngressRule(List.of(Address.of("10.0.0.1"), Address.of("lb.example")));

        Optional<Map<String, Object>> change = rule.change(PLUGIN, new Verdict(word, 3, 3, "", true), present);

        assertThat(change.map(fields -> Trees.objects(Trees.object(fields, "loadBalancer"), "ingress")
                                .toString())
                        .orElse(null))
                .isEqualTo(after);
    }

    @Test
    void withoutAddressesIngressesAreLeftAlone() {
        assertThat(new IngressRule(List.of())
                        .change(PLUGIN, EVERYWHERE, tree("loadBalancer: {ingress: [{ip: 10.0.0.1}]}")))
                .isEmpty();
    }

    private static Optional<Map<String, Object>> policies(
            Verdict verdict, Map<String, Object> present, String... services) {
        List<ObjectRef> users = List.of(services).stream()
                .map(name -> new ObjectRef("Service", "shop", name))
                .toList();
        return new PolicyRule(Map.of(POLICY.ref(), users), NOW).change(POLICY, verdict, present);
    }

    @Test
    void aPolicyHasAnEntryForEachServiceThatUsesIt() {
        Map<String, Object> others = tree("""
                ancestors:
                - {ancestorRef: {kind: Gateway, name: g}, controllerName: somebody.else/x}
                """);

        Map<String, Object> after = policies(EVERYWHERE, others, "a", "b").orElseThrow();

        List<Map<String, Object>> entries = Trees.objects(after, "ancestors");
        assertThat(entries).hasSize(3);
        assertThat(entries.get(0)).isEqualTo(Trees.objects(others, "ancestors").get(0));
        assertThat(entries.get(1).get("ancestorRef"))
                .isEqualTo(Map.of("group", "core", "kind", "Service", "namespace", "shop", "name", "a"));
        assertThat(Trees.objects(entries.get(2), "conditions"))
                .extracting(one -> one.get("type") + " " + one.get("status") + " " + one.get("message"))
                .containsExactly("Accepted True the policy is accepted", "Programmed True live on 3 of 3 nodes");
        assertThat(policies(EVERYWHERE, after, "a", "b")).isEmpty();
    }

    @Test
    void theEntryOfAServiceThatUsesItNoLongerGoes() {
        Map<String, Object> both = policies(EVERYWHERE, Map.of(), "a", "b").orElseThrow();

        Map<String, Object> after = policies(EVERYWHERE, both, "b").orElseThrow();

        assertThat(Trees.objects(after, "ancestors"))
                .containsExactly(Trees.objects(both, "ancestors").get(1));
        assertThat(policies(EVERYWHERE, Map.of())).isEmpty();
    }

    @Test
    void aRefusedPolicyIsNotAccepted() {
        Map<String, Object> after = policies(Verdict.not(Word.INVALID, "spec.slots: 3"), Map.of(), "a")
                .orElseThrow();

        assertThat(Trees.objects(Trees.objects(after, "ancestors").get(0), "conditions"))
                .extracting(one ->
                        one.get("type") + " " + one.get("status") + " " + one.get("reason") + " " + one.get("message"))
                .containsExactly("Accepted False Invalid spec.slots: 3", "Programmed False Invalid spec.slots: 3");
    }

    @Test
    void aPolicyHasNoMoreEntriesThanItsDefinitionAllows() {
        String[] many = new String[30];
        for (int i = 0; i < many.length; i++) {
            many[i] = "s" + i;
        }

        assertThat(Trees.objects(policies(EVERYWHERE, Map.of(), many).orElseThrow(), "ancestors"))
                .hasSize(16);
    }
}
