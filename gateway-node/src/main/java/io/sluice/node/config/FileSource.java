package io.sluice.node.config;

import io.sluice.node.config.document.TextFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A declarative file, offered at the start and after every change.
 *
 * <p>The file is polled: editors replace it by renaming, Kubernetes swaps a symbolic link two directories up, network file
 * systems tell nothing; what all of them change is the target's identity, size or time. A change counts once two looks in a
 * row agree, so that half-written files are left alone.
 */
public final class FileSource implements ConfigSource {

    /** Between two looks; a change is offered after at most two of them. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final Path path;
    private final Executor blocking;

    /** @param blocking where the file is read; not an event loop */
    public FileSource(Path path, Executor blocking) {
        this.path = path;
        this.blocking = blocking;
    }

    @Override
    public String name() {
        return "file " + path;
    }

    @Override
    public void start(ActorContext<?> parent, ActorRef<ConfigKeeper.Command> keeper) {
        // It has no state worth more than reading the file again.
        Behavior<FileWatch.Command> watch = Behaviors.supervise(
                        FileWatch.create(path, name(), format(), keeper, blocking, POLL))
                .onFailure(SupervisorStrategy.restartWithBackoff(POLL, Duration.ofSeconds(10), 0.1));
        parent.spawn(watch, "config-file");
    }

    private TextFormat format() {
        return TextFormat.ofFileName(path.toString()).orElse(TextFormat.ANY);
    }
}
