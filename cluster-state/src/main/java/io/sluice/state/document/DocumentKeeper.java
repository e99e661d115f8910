package io.sluice.state.document;

import io.sluice.state.membership.Members;
import io.sluice.state.membership.PeerActors;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Gives parts of this node's document to nodes that ask, and gets a document from others part by part: the next one is asked for when
 * the one before has come, so that nothing piles up on the way. A node that is silent for a while is given up for the next one, from
 * the beginning: bytes of the same document may differ between nodes. Lives during one run of the cluster's actor system.
 */
final class DocumentKeeper extends AbstractBehavior<DocumentKeeper.Command> {

    /** Below {@code /system}, by which nodes find each other's. */
    static final String NAME = "sluice-document";

    /** Well below a frame, so that heartbeats need not wait long behind one. */
    static final int PART_BYTES = 128 << 10;
    /** 128 MiB. */
    static final int MOST_PARTS = 1 << 10;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int SILENT_TICKS = 5;
    private static final int TICKS_BETWEEN_SWEEPS = 30;

    /** What it is told. */
    sealed interface Command permits PartWanted, DocumentPart, Seen, Fetch, Tick {}

    /** The cluster has changed. */
    record Seen(Members members) implements Command {}

    /**
     * Get a document; ends another fetch.
     *
     * @param nodes that say they have it
     * @param done always completed, unless the actor system just ends; empty if nobody gives it
     */
    record Fetch(String hash, List<Long> nodes, CompletableFuture<Optional<byte[]>> done) implements Command {}

    enum Tick implements Command {
        NOW
    }

    private final DocumentShelf shelf;
    private final PeerActors<Command> peers;
    private @Nullable Fetch fetch;
    private int node;
    private int next;
    private int silent;
    private int ticks;
    private ByteArrayOutputStream collected = new ByteArrayOutputStream(0);

    static Behavior<Command> create(DocumentShelf shelf) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.NOW, TICK);
            return Behaviors.setup(context -> new DocumentKeeper(context, shelf));
        });
    }

    private DocumentKeeper(ActorContext<Command> context, DocumentShelf shelf) {
        super(context);
        this.shelf = shelf;
        this.peers = new PeerActors<>(context.getSystem(), NAME);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Seen.class, this::onSeen)
                .onMessage(PartWanted.class, this::onPartWanted)
                .onMessage(DocumentPart.class, this::onDocumentPart)
                .onMessage(Fetch.class, this::onFetch)
                .onMessageEquals(Tick.NOW, this::onTick)
                .onSignal(PostStop.class, stop -> {
                    end(Optional.empty());
                    return this;
                })
                .build();
    }

    private Behavior<Command> onSeen(Seen seen) {
        List<Long> unused = peers.members(seen.members());
        return this;
    }

    /** Only members are told: documents hold secrets. */
    private Behavior<Command> onPartWanted(PartWanted wanted) {
        if (peers.has(wanted.sender())) {
            CompletionStage<Void> unused =
                    shelf.part(wanted.hash(), wanted.part()).thenAccept(part -> peers.send(wanted.sender(), part));
        }
        return this;
    }

    private Behavior<Command> onFetch(Fetch wanted) {
        end(Optional.empty());
        fetch = wanted;
        node = -1;
        tryNext();
        return this;
    }

    private void tryNext() {
        Fetch current = fetch;
        node++;
        if (current == null || node >= current.nodes().size()) {
            end(Optional.empty());
            return;
        }
        next = 0;
        collected = new ByteArrayOutputStream(PART_BYTES);
        askNext(current);
    }

    private void askNext(Fetch current) {
        silent = 0;
        peers.send(current.nodes().get(node), new PartWanted(0, current.hash(), next));
    }

    private Behavior<Command> onDocumentPart(DocumentPart part) {
        Fetch current = fetch;
        if (current == null || !isAwaited(part, current)) {
            return this;
        }
        if (part.parts() == 0 || part.bytes().size() > PART_BYTES) {
            tryNext();
            return this;
        }
        collected.writeBytes(part.bytes().toArrayUnsafe());
        next++;
        if (next == part.parts()) {
            end(Optional.of(collected.toByteArray()));
        } else {
            askNext(current);
        }
        return this;
    }

    private boolean isAwaited(DocumentPart part, Fetch current) {
        return part.sender() == current.nodes().get(node) && part.hash().equals(current.hash()) && part.part() == next;
    }

    private Behavior<Command> onTick() {
        if (++ticks % TICKS_BETWEEN_SWEEPS == 0) {
            shelf.sweep();
        }
        if (fetch != null && ++silent > SILENT_TICKS) {
            tryNext();
        }
        return this;
    }

    private void end(Optional<byte[]> result) {
        Fetch ended = fetch;
        fetch = null;
        collected = new ByteArrayOutputStream(0);
        if (ended != null) {
            ended.done().complete(result);
        }
    }
}
