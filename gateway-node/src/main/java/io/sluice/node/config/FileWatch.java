package io.sluice.node.config;

import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.TextFormat;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at one file at intervals and offers its text whenever that has changed and settled. */
final class FileWatch extends AbstractBehavior<FileWatch.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    sealed interface Command {}

    private enum Tick implements Command {
        LOOK
    }

    private record Looked(Look look) implements Command {}

    private record Settled(Outcome outcome) implements Command {}

    /**
     * One look at the file.
     *
     * @param stamp what changes with the file; empty if there is none
     * @param text only if the stamp is new and was seen before
     */
    private record Look(String stamp, @Nullable String text, String error) {}

    private final Path path;
    private final String name;
    private final TextFormat format;
    private final ActorRef<ConfigKeeper.Command> keeper;
    private final Executor blocking;
    private final Duration poll;
    private final TimerScheduler<Command> timers;
    private final ActorRef<Outcome> outcomes;
    private String lastStamp = "";
    private String offeredStamp = "";
    private String offeredHash = "";
    private String lastError = "";

    private FileWatch(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Path path,
            String name,
            TextFormat format,
            ActorRef<ConfigKeeper.Command> keeper,
            Executor blocking,
            Duration poll) {
        super(context);
        this.outcomes = context.messageAdapter(Outcome.class, Settled::new);
        this.timers = timers;
        this.path = path;
        this.name = name;
        this.format = format;
        this.keeper = keeper;
        this.blocking = blocking;
        this.poll = poll;
    }

    static Behavior<Command> create(
            Path path,
            String name,
            TextFormat format,
            ActorRef<ConfigKeeper.Command> keeper,
            Executor blocking,
            Duration poll) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            FileWatch watch = new FileWatch(context, timers, path, name, format, keeper, blocking, poll);
            context.getSelf().tell(Tick.LOOK);
            return watch;
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(Looked.class, this::onLooked)
                .onMessage(Settled.class, this::onSettled)
                .build();
    }

    private Behavior<Command> onTick() {
        String last = lastStamp;
        String offered = offeredStamp;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> look(last, offered), blocking),
                        (look, cause) -> new Looked(look != null ? look : new Look("", null, String.valueOf(cause))));
        return this;
    }

    private Look look(String last, String offered) {
        String stamp = "";
        try {
            stamp = stamp();
            boolean settled = stamp.equals(last) && !stamp.equals(offered);
            return new Look(stamp, settled ? Files.readString(path) : null, "");
        } catch (IOException e) {
            return new Look(stamp, null, reason(e));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof CharacterCodingException ? "it is not UTF-8" : e.toString();
    }

    private String stamp() throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return found.fileKey() + "/" + found.size() + "/"
                + found.lastModifiedTime().toInstant();
    }

    private Behavior<Command> onLooked(Looked looked) {
        Look look = looked.look();
        if (!look.error().isEmpty() && !look.error().equals(lastError)) {
            LOG.atWarn()
                    .addKeyValue("source", name)
                    .addKeyValue("reason", look.error())
                    .log("configuration file cannot be read, the configuration stays as it is");
        }
        lastError = look.error();
        lastStamp = look.stamp();
        if (look.text() != null) {
            offer(look.text(), look.stamp());
        }
        timers.startSingleTimer(Tick.LOOK, poll);
        return this;
    }

    private void offer(String text, String stamp) {
        offeredStamp = stamp;
        String hash = DeclarativeReader.hash(text);
        if (!hash.equals(offeredHash)) {
            offeredHash = hash;
            keeper.tell(new ConfigKeeper.Offer(name, new Candidate.Text(text, format), true, outcomes));
        }
    }

    private Behavior<Command> onSettled(Settled settled) {
        if (settled.outcome() instanceof Outcome.Refused refused) {
            List<Problem> problems = refused.errors().problems();
            for (Problem problem : problems) {
                LOG.atError()
                        .addKeyValue("source", name)
                        .addKeyValue("problem", problem)
                        .log("configuration refused, the one before stays live");
            }
        } else if (settled.outcome() instanceof Outcome.Busy) {
            // Look at it again as if it had just changed.
            offeredHash = "";
            offeredStamp = "";
        }
        return this;
    }
}
