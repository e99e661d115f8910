package io.sluice.node.config;

import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns which configuration is live. Takes candidates one after the other, has each read and compiled off the event loops, and
 * publishes what compiled; anything else leaves the live one in its place. A few candidates may wait.
 *
 * @param <R> the compiled form
 */
public final class ConfigKeeper<R> extends AbstractBehavior<ConfigKeeper.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigKeeper.class);
    private static final int MOST_WAITING = 8;

    /** What a keeper is told. */
    public sealed interface Command {}

    /**
     * Make this the live configuration.
     *
     * @param source who proposes it, for the log
     * @param onlyIfOther do nothing if what is live has the same hash
     */
    public record Offer(String source, Candidate candidate, boolean onlyIfOther, ActorRef<Outcome> replyTo)
            implements Command {}

    private record Prepared<R>(Offer offer, CandidateReader.Result<R> result) implements Command {}

    private record Failed(Offer offer, Throwable cause) implements Command {}

    private final LiveConfig<R> live;
    private final RevisionCompiler<R> compiler;
    private final CandidateReader<R> reader;
    private final Executor blocking;
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private boolean working;

    private ConfigKeeper(
            ActorContext<Command> context,
            LiveConfig<R> live,
            RevisionCompiler<R> compiler,
            CandidateReader<R> reader,
            Executor blocking) {
        super(context);
        this.live = live;
        this.compiler = compiler;
        this.reader = reader;
        this.blocking = blocking;
    }

    /**
     * A keeper that publishes to the given place.
     *
     * @param blocking where documents are read and compiled; not an event loop
     */
    public static <R> Behavior<Command> create(
            LiveConfig<R> live,
            DeclarativeReader reader,
            SecretResolver secrets,
            RevisionCompiler<R> compiler,
            Executor blocking) {
        return Behaviors.setup(context -> new ConfigKeeper<>(
                context, live, compiler, new CandidateReader<>(reader, secrets, compiler), blocking));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Offer.class, this::onOffer)
                .onMessage(Prepared.class, this::onPrepared)
                .onMessage(Failed.class, this::onFailed)
                .build();
    }

    private Behavior<Command> onOffer(Offer offer) {
        if (waiting.size() >= MOST_WAITING) {
            offer.replyTo().tell(new Outcome.Busy());
            return this;
        }
        waiting.add(offer);
        workOn();
        return this;
    }

    private void workOn() {
        Offer next = working ? null : waiting.poll();
        if (next == null) {
            return;
        }
        working = true;
        String known = next.onlyIfOther() ? live.declared().hash() : "";
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> reader.read(next.candidate(), known), blocking),
                        (result, cause) -> told(next, result, cause));
    }

    private Command told(Offer offer, CandidateReader.@Nullable Result<R> result, @Nullable Throwable cause) {
        if (result != null) {
            return new Prepared<>(offer, result);
        }
        return new Failed(offer, cause == null ? new IllegalStateException("no result") : cause);
    }

    @SuppressWarnings("unchecked") // only this keeper makes them
    private Behavior<Command> onPrepared(Prepared<?> prepared) {
        Offer offer = prepared.offer();
        CandidateReader.Result<R> result = (CandidateReader.Result<R>) prepared.result();
        if (result instanceof CandidateReader.Result.Ready<R> ready) {
            publish(offer, ready);
            offer.replyTo().tell(new Outcome.Live(ready.declared(), ready.warnings()));
        } else if (result instanceof CandidateReader.Result.Not<R> not) {
            offer.replyTo().tell(not.outcome());
        }
        return goOn();
    }

    private void publish(Offer offer, CandidateReader.Result.Ready<R> ready) {
        live.replace(ready.declared(), ready.revision());
        compiler.published(ready.revision());
        GatewayConfig config = ready.declared();
        LOG.atInfo()
                .addKeyValue("source", offer.source())
                .addKeyValue("hash", config.hash())
                .addKeyValue("services", config.services().size())
                .addKeyValue("routes", config.routes().size())
                .addKeyValue("plugins", config.plugins().size())
                .addKeyValue("consumers", config.consumers().size())
                .log("configuration is live");
        for (Problem warning : ready.warnings()) {
            LOG.atWarn()
                    .addKeyValue("source", offer.source())
                    .addKeyValue("about", warning)
                    .log("configuration has a weak spot");
        }
    }

    private Behavior<Command> onFailed(Failed failed) {
        LOG.atError()
                .addKeyValue("source", failed.offer().source())
                .setCause(failed.cause())
                .log("configuration could not be compiled");
        failed.offer()
                .replyTo()
                .tell(new Outcome.Refused(ConfigErrors.whole("an error inside the gateway: see its log")));
        return goOn();
    }

    private Behavior<Command> goOn() {
        working = false;
        workOn();
        return this;
    }
}
