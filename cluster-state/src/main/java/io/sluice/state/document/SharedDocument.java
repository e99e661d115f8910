package io.sluice.state.document;

import io.sluice.state.membership.Members;
import io.sluice.state.membership.Membership;
import io.sluice.state.wire.WireCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of this node as a document that other nodes may have, and theirs for this one. In a cluster: make it, start the
 * {@link io.sluice.state.membership.ClusterNode} with {@link #codecs} and {@link #spawn}, then {@link #follow} that node; a node by
 * itself gets nothing. What others give is bytes: whoever takes them up checks them. Any thread; nothing blocks.
 */
public final class SharedDocument {

    private static final long LONGEST_SECONDS = 120;

    private final DocumentShelf shelf = new DocumentShelf();
    private final Object changes = new Object();
    private volatile @Nullable ActorRef<DocumentKeeper.Command> keeper;
    /** Under {@link #changes}; nothing before there is a node to follow. */
    private @Nullable Members seen;

    /** What nodes say to each other about it. */
    public static List<WireCodec<?>> codecs() {
        return List.of(PartWanted.codec(), DocumentPart.codec());
    }

    /** Starts what runs in the cluster's actor system. */
    public void spawn(ActorSystem<?> system) {
        // It goes on with the peers that it has: they are told only once.
        ActorRef<DocumentKeeper.Command> next = system.systemActorOf(
                Behaviors.supervise(DocumentKeeper.create(shelf)).onFailure(SupervisorStrategy.resume()),
                DocumentKeeper.NAME,
                Props.empty());
        synchronized (changes) {
            keeper = next;
            Members known = seen;
            if (known != null) {
                next.tell(new DocumentKeeper.Seen(known));
            }
        }
    }

    /** Takes part in the cluster that a node is in. To be called once. */
    public void follow(Membership node) {
        Runnable unused = node.subscribe(this::seen);
    }

    private void seen(Members members) {
        synchronized (changes) {
            seen = members;
            ActorRef<DocumentKeeper.Command> current = keeper;
            if (current != null) {
                current.tell(new DocumentKeeper.Seen(members));
            }
        }
    }

    /**
     * This is what the node has from now on, in place of what it had.
     *
     * @param hash the same on all nodes for the same document, at most 64 characters
     * @param bytes makes it when somebody asks, on any thread; at most 128 MiB
     */
    public void keep(String hash, Supplier<byte[]> bytes) {
        shelf.keep(hash, bytes);
    }

    /**
     * Gets a document from the first of these nodes that gives all of it. Only one is fetched at a time: a later call ends the one
     * before.
     *
     * @return empty if none of them gives it, or not within two minutes; never fails
     */
    public CompletionStage<Optional<byte[]>> fetch(String hash, List<Long> nodes) {
        CompletableFuture<Optional<byte[]>> done = new CompletableFuture<>();
        ActorRef<DocumentKeeper.Command> current = keeper;
        if (current == null) {
            done.complete(Optional.empty());
        } else {
            current.tell(new DocumentKeeper.Fetch(hash, List.copyOf(nodes), done));
        }
        return done.completeOnTimeout(Optional.empty(), LONGEST_SECONDS, TimeUnit.SECONDS);
    }
}
