package io.sluice.node.boot;

import io.sluice.node.admin.ConfigLoader;
import io.sluice.node.config.Candidate;
import io.sluice.node.config.ConfigKeeper;
import io.sluice.node.config.ConfigSource;
import io.sluice.node.config.FileSource;
import io.sluice.node.config.KubernetesSource;
import io.sluice.node.config.LiveConfig;
import io.sluice.node.config.Outcome;
import io.sluice.node.config.RevisionCompiler;
import io.sluice.node.config.SecretResolver;
import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.TextFormat;
import io.sluice.node.settings.NodeSettings;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The configuration of a node: what is live, and how it is replaced. The first one is loaded before anything listens.
 *
 * @param <R> the compiled form
 */
final class NodeConfig<R> implements ConfigLoader, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorSystem<?> system;
    private final LiveConfig<R> live;
    private final ActorRef<ConfigKeeper.Command> keeper;
    private final ExecutorService blocking;
    private volatile boolean fromKubernetes;

    private NodeConfig(
            ActorSystem<?> system,
            LiveConfig<R> live,
            ActorRef<ConfigKeeper.Command> keeper,
            ExecutorService blocking) {
        this.system = system;
        this.live = live;
        this.keeper = keeper;
        this.blocking = blocking;
    }

    /** Starts with the empty configuration; {@link #loadFirst} follows. */
    static <R> NodeConfig<R> start(ActorSystem<?> system, ConfigCheck check, RevisionCompiler<R> compiler) {
        ExecutorService blocking = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "sluice-config");
            thread.setDaemon(true);
            return thread;
        });
        LiveConfig<R> live = new LiveConfig<>(GatewayConfig.EMPTY, compiler.compile(GatewayConfig.EMPTY));
        SecretResolver secrets =
                new SecretResolver(name -> Optional.ofNullable(System.getenv(name)), "", check.plugins());
        // It keeps nothing but what waits: after a bug the next candidate is as good as ever.
        Behavior<ConfigKeeper.Command> behavior = Behaviors.supervise(
                        ConfigKeeper.create(live, check.reader(), secrets, compiler, blocking))
                .onFailure(SupervisorStrategy.restart());
        return new NodeConfig<>(system, live, system.systemActorOf(behavior, "config-keeper", Props.empty()), blocking);
    }

    /**
     * Loads what the settings name, and watches it from then on.
     *
     * @throws StartFailure with every problem of the configuration
     */
    void loadFirst(NodeSettings settings) throws StartFailure {
        Optional<Path> file = settings.declarativeConfig();
        if (file.isPresent()) {
            TextFormat format = TextFormat.ofFileName(file.get().toString()).orElse(TextFormat.ANY);
            try {
                demand(new Candidate.Text(Files.readString(file.get()), format));
            } catch (IOException e) {
                throw StartFailure.wrong("declarative_config: " + file.get() + " (expected: a readable text file)");
            }
            watch(new FileSource(file.get(), blocking));
        } else if (settings.declarativeConfigString().isPresent()) {
            demand(new Candidate.Text(settings.declarativeConfigString().get(), TextFormat.ANY));
        }
    }

    /** Takes configuration from Kubernetes, and from nowhere else from now on. */
    void follow(KubernetesSource source) {
        fromKubernetes = true;
        watch(source);
    }

    private void demand(Candidate candidate) throws StartFailure {
        try {
            Outcome outcome =
                    offer("settings", candidate, false).toCompletableFuture().join();
            if (outcome instanceof Outcome.Refused refused) {
                throw StartFailure.of(refused.errors().problems());
            }
        } catch (CompletionException e) {
            throw StartFailure.of(List.of(new Problem("declarative_config", "", "was not loaded in time")));
        }
    }

    private void watch(ConfigSource source) {
        Behavior<Void> parent = Behaviors.setup(context -> {
            source.start(context, keeper);
            return Behaviors.empty();
        });
        system.systemActorOf(parent, "config-source", Props.empty());
    }

    @Override
    public CompletionStage<Outcome> load(Candidate candidate, boolean onlyIfOther) {
        if (fromKubernetes) { // The next change of any object would undo it.
            ConfigErrors reason =
                    ConfigErrors.whole("the configuration comes from Kubernetes (ingress: on); change objects there");
            return CompletableFuture.completedFuture(new Outcome.Refused(reason));
        }
        return offer("admin api", candidate, onlyIfOther);
    }

    private CompletionStage<Outcome> offer(String source, Candidate candidate, boolean onlyIfOther) {
        return AskPattern.ask(
                keeper,
                replyTo -> new ConfigKeeper.Offer(source, candidate, onlyIfOther, replyTo),
                PATIENCE,
                system.scheduler());
    }

    LiveConfig<R> live() {
        return live;
    }

    @Override
    public void close() {
        blocking.shutdown();
    }
}
