package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.config.document.DocumentFixture;
import io.sluice.node.config.document.TextFormat;
import io.sluice.node.plugin.CapturedLog;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeeperTest {

    private static final String FIRST = "_format_version: '3.0'\nservices: [{name: first, host: h}]";
    private static final String SECOND = "_format_version: '3.0'\nservices: [{name: second, host: h}]";
    private static final String BROKEN = "_format_version: '3.0'\nservices: [{name: broken, host: 'h:1'}]";

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());
    private final ExecutorService blocking = Executors.newFixedThreadPool(2);
    private final LiveConfig<GatewayConfig> live = new LiveConfig<>(GatewayConfig.EMPTY, GatewayConfig.EMPTY);
    private final TestProbe<Outcome> outcomes = kit.createTestProbe(Outcome.class);
    private RevisionCompiler<GatewayConfig> compiler = config -> config;

    @TempDir
    Path folder;

    private ActorRef<ConfigKeeper.Command> keeper;

    @BeforeEach
    void start() {
        var secrets = new SecretResolver(name -> Optional.of("resolved"), "", DocumentFixture.PLUGINS);
        keeper = kit.spawn(ConfigKeeper.create(
                live, DocumentFixture.reader(), secrets, config -> compiler.compile(config), blocking));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        blocking.shutdownNow();
    }

    private void offer(String text, boolean onlyIfOther) {
        keeper.tell(new ConfigKeeper.Offer(
                "test", new Candidate.Text(text, TextFormat.ANY), onlyIfOther, outcomes.getRef()));
    }

    private String liveService() {
        return live.revision().services().isEmpty()
                ? ""
                : String.valueOf(live.revision().services().get(0).name());
    }

    @Test
    void makesAGoodConfigurationLive() {
        offer(FIRST, false);

        assertThat(outcomes.expectMessageClass(Outcome.Live.class).declared()).isEqualTo(live.declared());
        assertThat(liveService()).isEqualTo("first");
    }

    @Test
    void keepsTheLiveOneWhenTheNextIsBroken() {
        offer(FIRST, false);
        outcomes.expectMessageClass(Outcome.Live.class);

        offer(BROKEN, false);

        assertThat(outcomes.expectMessageClass(Outcome.Refused.class).errors().problems())
                .containsExactly(new Problem("service 'broken'", "host", "must not have a port"));
        assertThat(liveService()).isEqualTo("first");
    }

    @Test
    void doesNothingForTheSameTextIfAsked() {
        offer(FIRST, false);
        outcomes.expectMessageClass(Outcome.Live.class);

        offer(FIRST, true);
        offer(FIRST, false);

        outcomes.expectMessage(new Outcome.Unchanged(live.declared().hash()));
        outcomes.expectMessageClass(Outcome.Live.class);
    }

    @Test
    void warnsOfServicesWhoseProtocolIsNotSpoken() {
        try (CapturedLog log = CapturedLog.of(ConfigKeeper.class)) {
            offer(FIRST.replace("host: h", "host: h, protocol: tls, port: 443"), false);

            Problem problem = new Problem(
                    "service 'first'",
                    "protocol",
                    "tls is not spoken to upstreams: requests are answered 502 (expected: http, https, ws, wss, grpc or grpcs)");
            assertThat(outcomes.expectMessageClass(Outcome.Live.class).warnings())
                    .containsExactly(problem);
            assertThat(liveService()).isEqualTo("first");
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN"))
                    .containsExactly("WARN configuration has a weak spot source=\"test\" about=\"" + problem + "\"");
        }
    }

    @Test
    void refusesWhatDoesNotCompile() {
        compiler = config -> {
            throw new IllegalArgumentException("plugin 'file-log': cannot open /x");
        };

        offer(FIRST, false);

        assertThat(outcomes.expectMessageClass(Outcome.Refused.class).errors().problems())
                .containsExactly(new Problem("document", "", "plugin 'file-log': cannot open /x"));
        assertThat(live.declared()).isEqualTo(GatewayConfig.EMPTY);
    }

    @Test
    void goesOnAfterAnErrorInsideTheCompiler() {
        compiler = config -> {
            throw new IllegalStateException("a bug");
        };
        offer(FIRST, false);
        outcomes.expectMessageClass(Outcome.Refused.class);

        compiler = config -> config;
        offer(SECOND, false);

        outcomes.expectMessageClass(Outcome.Live.class);
        assertThat(liveService()).isEqualTo("second");
    }

    @Test
    void letsAFewWaitAndTurnsOthersAway() {
        var gate = new CountDownLatch(1);
        compiler = config -> {
            await(gate);
            return config;
        };

        for (int i = 0; i < 12; i++) {
            offer(i == 8 ? SECOND : FIRST, false);
        }

        for (int i = 0; i < 3; i++) {
            outcomes.expectMessage(new Outcome.Busy());
        }
        gate.countDown();
        for (int i = 0; i < 9; i++) {
            outcomes.expectMessageClass(Outcome.Live.class);
        }
        assertThat(liveService()).isEqualTo("second");
    }

    @Test
    void compilesWithSecretsAndShowsReferences() {
        offer(
                "{_format_version: '3.0', plugins: [{name: http-log, config: {http_endpoint: '{vault://env/x}'}}]}",
                false);
        outcomes.expectMessageClass(Outcome.Live.class);

        assertThat(live.revision().plugins().get(0).config()).containsEntry("http_endpoint", "resolved");
        assertThat(live.declared().plugins().get(0).config()).containsEntry("http_endpoint", "{vault://env/x}");
    }

    @Test
    void takesModelsThatAreCheckedAlready() {
        GatewayConfig model = DocumentFixture.config("services: [{name: model, host: h}]");

        keeper.tell(new ConfigKeeper.Offer("test", new Candidate.Model(model), false, outcomes.getRef()));

        outcomes.expectMessage(new Outcome.Live(model, List.of()));
    }

    @Test
    void followsAFileThatIsEditedReplacedBrokenAndRepaired() throws IOException {
        Path file = folder.resolve("kong.yml");
        Files.writeString(file, FIRST);
        watch(file);
        awaitService("first");

        Files.writeString(file, SECOND);
        awaitService("second");

        Path aside = folder.resolve("kong.yml.tmp");
        Files.writeString(aside, FIRST);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        awaitService("first");

        Files.writeString(file, BROKEN);
        Files.delete(file);
        Files.writeString(file, SECOND);
        awaitService("second");
    }

    @Test
    void followsTheLinksThatKubernetesSwaps() throws IOException {
        Path old = Files.createDirectory(folder.resolve("..2026_01"));
        Files.writeString(old.resolve("kong.yml"), FIRST);
        Path current = Files.createSymbolicLink(folder.resolve("..data"), old.getFileName());
        Path file = Files.createSymbolicLink(folder.resolve("kong.yml"), Path.of("..data/kong.yml"));
        watch(file);
        awaitService("first");

        Path next = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(next.resolve("kong.yml"), SECOND);
        Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
        Files.move(swap, current, StandardCopyOption.ATOMIC_MOVE);

        awaitService("second");
    }

    @Test
    void offersABrokenFileOnceAndLeavesTheLiveConfiguration() throws IOException {
        Path file = folder.resolve("kong.yml");
        Files.writeString(file, BROKEN);
        TestProbe<ConfigKeeper.Command> spied = kit.createTestProbe(ConfigKeeper.Command.class);
        watch(file, spied.getRef());

        var offer = (ConfigKeeper.Offer) spied.receiveMessage();
        keeper.tell(new ConfigKeeper.Offer(offer.source(), offer.candidate(), offer.onlyIfOther(), outcomes.getRef()));
        outcomes.expectMessageClass(Outcome.Refused.class);

        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        spied.expectNoMessage(Duration.ofMillis(1000));
        assertThat(live.declared()).isEqualTo(GatewayConfig.EMPTY);
    }

    private void watch(Path file) {
        watch(file, keeper);
    }

    private void watch(Path file, ActorRef<ConfigKeeper.Command> told) {
        kit.spawn(Behaviors.setup(context -> {
            new FileSource(file, blocking).start(context, told);
            return Behaviors.empty();
        }));
    }

    private void awaitService(String name) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(liveService()).isEqualTo(name));
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
