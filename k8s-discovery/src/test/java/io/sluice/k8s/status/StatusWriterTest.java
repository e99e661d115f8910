package io.sluice.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.status.StatusSettings.NamespacedName;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.draft.Effect;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written to an API server, and what is not. */
class StatusWriterTest {

    private static final String PLUGIN = """
            apiVersion: configuration.konghq.com/v1
            kind: KongPlugin
            metadata: {name: %s, namespace: shop, uid: u-%s, generation: 1}
            plugin: cors
            """;
    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop, uid: u-web}
            spec: {ingressClassName: kong}
            """;
    private static final String STATUS_OF_ONE =
            "PATCH /apis/configuration.konghq.com/v1/namespaces/shop/kongplugins/one/status";
    private static final String ONE = "GET /apis/configuration.konghq.com/v1/namespaces/shop/kongplugins/one";
    private static final String EVENTS = "POST /api/v1/namespaces/shop/events";

    private final FakeApi api = new FakeApi();
    private final Map<ObjectRef, PresentStatus> known = new ConcurrentHashMap<>();
    private final List<StatusWriter> writers = new ArrayList<>();
    private volatile boolean leads = true;
    private volatile Reach reach = new Reach(1, Map.of(1L, "a"));
    private StatusSettings settings =
            new StatusSettings("kong", Optional.empty(), List.of("10.0.0.1"), 50, 50, Optional.empty());

    @AfterEach
    void close() {
        writers.forEach(StatusWriter::close);
        api.close();
    }

    private StatusWriter start() {
        StatusSources sources = new StatusSources(() -> leads, () -> reach, ref -> Optional.ofNullable(known.get(ref)));
        StatusWriter writer = StatusWriter.start(api.client, settings, sources, InstantSource.system());
        writers.add(writer);
        return writer;
    }

    /** Creates an object that the watches know. */
    private Decoded watched(String yaml) {
        Decoded object = api.apply(yaml);
        watch(object);
        return object;
    }

    private void watch(Decoded object) {
        ObjectRef ref = object.metadata().ref();
        api.status(ref).ifPresent(now -> known.put(ref, now));
    }

    private Decoded plugin(String name) {
        return watched(PLUGIN.formatted(name, name));
    }

    private String message(Decoded object) {
        return api.status(object.metadata().ref())
                .map(now -> Trees.objects(now.status(), "conditions"))
                .filter(all -> !all.isEmpty())
                .map(all -> all.get(0).get("status") + " " + all.get(0).get("message"))
                .orElse("");
    }

    private long count(String request) {
        return api.requests.stream().filter(request::equals).count();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void whatHoldsIsWrittenOnceAndNoMore() {
        Decoded one = plugin("one");
        Decoded web = watched(INGRESS);
        StatusWriter writer = start();

        Delivered delivered = Samples.of(one, web).live("a");
        writer.delivered(delivered);

        soon().until(() -> message(one).equals("True live on 1 of 1 node"));
        soon().until(() ->
                !api.status(web.metadata().ref()).orElseThrow().status().isEmpty());
        assertThat(api.status(web.metadata().ref()).orElseThrow().status())
                .hasToString("{loadBalancer={ingress=[{ip=10.0.0.1}]}}");
        watch(one);
        for (int i = 0; i < 3; i++) {
            writer.delivered(Samples.of(one, web).live("a"));
        }
        Decoded two = plugin("two");
        writer.delivered(Samples.of(one, web, two).live("b"));
        reach = new Reach(1, Map.of(1L, "b"));
        soon().until(() -> message(two).equals("True live on 1 of 1 node"));
        assertThat(api.requests).hasSize(3).allMatch(line -> line.startsWith("PATCH "));
    }

    @Test
    void theNextLeaderWritesOnlyWhatDiffers() {
        Decoded one = plugin("one");
        StatusWriter first = start();
        first.delivered(Samples.of(one).live("a"));
        soon().until(() -> !message(one).isEmpty());
        first.close();
        watch(one);
        Decoded two = plugin("two");

        StatusWriter second = start();
        second.delivered(Samples.of(one, two).live("a"));

        soon().until(() -> !message(two).isEmpty());
        assertThat(count(STATUS_OF_ONE)).isEqualTo(1);
    }

    @Test
    void whoDoesNotLeadWritesNothingAndBeginsWhenItLeads() {
        leads = false;
        Decoded one = plugin("one");
        reach = new Reach(3, Map.of(1L, "a", 2L, "a", 3L, "a"));
        StatusWriter writer = start();

        writer.delivered(Samples.of(one).live("a"));
        await().during(Duration.ofMillis(700)).until(() -> api.requests.isEmpty());
        leads = true;

        soon().until(() -> message(one).equals("True live on 3 of 3 nodes"));
    }

    @Test
    void itIsSaidHowManyNodesHaveItAndWhenAllDo() {
        Decoded one = plugin("one");
        reach = new Reach(2, Map.of(1L, "a"));
        StatusWriter writer = start();

        writer.delivered(Samples.of(one).live("a"));
        soon().until(() -> message(one).equals("True live on 1 of 2 nodes"));
        watch(one);
        reach = new Reach(2, Map.of(1L, "a", 2L, "a"));

        soon().until(() -> message(one).equals("True live on 2 of 2 nodes"));
    }

    @Test
    void aStatusThatSomebodyElseHasWrittenMeanwhileIsReadAndWrittenAgain() {
        Decoded one = plugin("one");
        api.refusals.put(STATUS_OF_ONE, 409);
        StatusWriter writer = start();

        writer.delivered(Samples.of(one).live("a"));
        soon().until(() -> count(ONE) > 3); // more than are tried at once
        api.refusals.clear();

        soon().until(() -> message(one).equals("True live on 1 of 1 node"));
    }

    @Test
    void whatIsThereAlreadyAfterAConflictIsNotWrittenAgain() {
        Decoded one = plugin("one");
        start().delivered(Samples.of(one).live("a"));
        soon().until(() -> !message(one).isEmpty());
        writers.get(0).close();
        api.requests.clear();
        api.refusals.put(STATUS_OF_ONE, 409);

        start().delivered(Samples.of(one).live("a"));

        soon().until(() -> count(ONE) == 1);
        await().during(Duration.ofSeconds(1)).until(() -> api.requests.equals(List.of(STATUS_OF_ONE, ONE)));
    }

    @Test
    void anObjectThatIsGoneHoldsNothingUp() {
        Decoded gone = plugin("one");
        Decoded other = plugin("two");
        api.delete(gone.metadata().ref());
        StatusWriter writer = start();

        writer.delivered(Samples.of(gone, other).live("a"));

        soon().until(() -> !message(other).isEmpty());
        writer.delivered(Samples.of(gone, other).live("a"));
        await().during(Duration.ofSeconds(1)).until(() -> count(STATUS_OF_ONE) == 1);
    }

    @Test
    void whatIsForbiddenIsNotTriedOverAndOverAndHoldsNothingUp() {
        Decoded one = plugin("one");
        Decoded two = plugin("two");
        Decoded web = watched(INGRESS);
        api.refusals.put(STATUS_OF_ONE, 403);
        api.refusals.put(STATUS_OF_ONE.replace("one", "two"), 403);
        StatusWriter writer = start();

        try (CapturedLog log = new CapturedLog(WriteLog.class)) {
            writer.delivered(Samples.of(one, two, web).live("a"));

            soon().until(() ->
                    !api.status(web.metadata().ref()).orElseThrow().status().isEmpty());
            writer.delivered(Samples.of(one, two, web).live("a"));
            await().during(Duration.ofSeconds(1))
                    .until(() -> count(STATUS_OF_ONE) + count(STATUS_OF_ONE.replace("one", "two")) == 1);
            assertThat(log.lines)
                    .filteredOn(line -> line.contains("forbids"))
                    .singleElement()
                    .asString()
                    .contains("verb=\"patch\"", "resource=\"kongplugins.configuration.konghq.com/status\"");
        }
    }

    @Test
    void aServerThatIsAwayIsTriedAgainLater() {
        Decoded one = plugin("one");
        api.refusals.put(STATUS_OF_ONE, 503);
        StatusWriter writer = start();

        writer.delivered(Samples.of(one).live("a"));
        soon().until(() -> count(STATUS_OF_ONE) >= 2);
        api.refusals.clear();

        soon().until(() -> !message(one).isEmpty());
        assertThat(count(STATUS_OF_ONE)).isLessThan(6);
    }

    @Test
    void aRefusedObjectSaysSoInItsStatusAndByAnEventThatIsTakenUpAgain() {
        Decoded one = plugin("one");
        StatusWriter writer = start();
        Delivered bad = Samples.of(one)
                .problem(one, Effect.REFUSED, "config.minute", "-1 (expected: > 0)")
                .live("a");

        writer.delivered(bad);
        writer.delivered(bad);
        soon().until(() -> message(one).equals("False config.minute: -1 (expected: > 0)"));
        soon().until(() -> api.events().size() == 1);
        Event event = api.events().get(0);
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("KongConfigurationTranslationFailed");
        assertThat(event.getMessage()).isEqualTo("config.minute: -1 (expected: > 0)");
        assertThat(event.getInvolvedObject().getKind()).isEqualTo("KongPlugin");
        assertThat(event.getInvolvedObject().getUid()).isEqualTo("u-one");
        assertThat(event.getCount()).isEqualTo(1);

        watch(one);
        writer.delivered(Samples.of(one).live("a"));
        soon().until(() -> message(one).startsWith("True"));
        watch(one);
        writer.delivered(bad);

        soon().until(() -> api.events().get(0).getCount() == 2);
        assertThat(api.events()).hasSize(1);
        assertThat(count(EVENTS)).isEqualTo(1);
    }

    @Test
    void theNextLeaderDoesNotTellAgainWhatStands() {
        Decoded one = plugin("one");
        Delivered bad = Samples.of(one).problem(one, Effect.REFUSED, "", "no").live("a");
        start().delivered(bad);
        soon().until(() -> api.events().size() == 1);
        writers.get(0).close();
        watch(one);

        start().delivered(bad);

        soon().until(() -> count(EVENTS) == 2);
        await().during(Duration.ofSeconds(1))
                .until(() -> api.requests.stream().noneMatch(line -> line.startsWith("PATCH /api/v1/")));
        assertThat(api.events())
                .singleElement()
                .satisfies(event -> assertThat(event.getCount()).isEqualTo(1));
    }

    @Test
    void thePodIsToldHowTheConfigurationAsAWholeFares() {
        settings = new StatusSettings(
                "kong", Optional.empty(), List.of(), 50, 50, Optional.of(new NamespacedName("sluice", "sluice-0")));
        Decoded one = plugin("one");
        StatusWriter writer = start();

        writer.delivered(Samples.of(one).refused("no").live("a"));
        soon().until(() -> api.events().size() == 1);
        writer.delivered(Samples.of(one).live("a"));
        soon().until(() -> api.events().size() == 2);

        assertThat(api.events())
                .extracting(event -> event.getType() + " " + event.getReason() + " "
                        + event.getInvolvedObject().getKind() + " " + event.getMessage())
                .containsExactlyInAnyOrder(
                        "Warning KongConfigurationApplyFailed Pod route 'r': paths: no",
                        "Normal KongConfigurationSucceeded Pod the configuration is live");
    }

    @Test
    void ingressesGetTheAddressesOfTheService() {
        settings = new StatusSettings(
                "kong", Optional.of(new NamespacedName("sluice", "proxy")), List.of(), 50, 50, Optional.empty());
        api.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: proxy, namespace: sluice}
                spec: {type: LoadBalancer, ports: [{port: 80}]}
                status: {loadBalancer: {ingress: [{hostname: lb.example}]}}
                """);
        Decoded web = watched(INGRESS);
        StatusWriter writer = start();

        writer.delivered(Samples.of(web).live("a"));

        soon().until(() -> api.status(web.metadata().ref())
                .orElseThrow()
                .status()
                .toString()
                .equals("{loadBalancer={ingress=[{hostname=lb.example}]}}"));
    }

    @Test
    void whoLosesTheLeadStopsBetweenTwoRequests() {
        List<Decoded> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(plugin("p" + i));
        }
        StatusSources sources = new StatusSources(
                () -> api.requests.size() < 10, () -> reach, ref -> Optional.ofNullable(known.get(ref)));
        StatusWriter writer = StatusWriter.start(api.client, settings, sources, InstantSource.system());
        writers.add(writer);

        writer.delivered(Samples.of(many.toArray(new Decoded[0])).live("a"));

        soon().until(() -> api.requests.size() == 10);
        await().during(Duration.ofSeconds(1)).until(() -> api.requests.size() == 10);
    }
}
