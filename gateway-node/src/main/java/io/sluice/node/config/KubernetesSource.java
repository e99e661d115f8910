package io.sluice.node.config;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sluice.k8s.api.Decoded;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.translate.Delivered;
import io.sluice.k8s.translate.LastGood;
import io.sluice.k8s.translate.Rehearsal;
import io.sluice.k8s.watch.ObjectWatch;
import io.sluice.k8s.watch.WatchSettings;
import io.sluice.state.model.GatewayConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of a Kubernetes cluster, offered when all are known and after every change. Translation and waiting happen on the
 * watch's own thread, one change at a time; what comes meanwhile is taken together.
 */
public final class KubernetesSource implements ConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BUSY = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final WatchSettings settings;
    private final LastGood lastGood;
    private final Rehearsal rehearsal;
    private final List<Consumer<Delivered>> listeners = new ArrayList<>();
    /** Under the listeners' lock. */
    private @Nullable Delivered latest;

    /** Whoever offers a configuration holds it, so that nobody's is replaced by an older one. */
    private final Object turn = new Object();

    private volatile boolean configured;
    private volatile @Nullable ObjectWatch watch;
    private volatile @Nullable Delivery delivery;

    /** How to make something live. */
    private record Delivery(ObjectDelivery objects, Function<Candidate, Outcome> offer) {}

    /** @param client stays open when the source ends */
    public KubernetesSource(KubernetesClient client, WatchSettings settings, LastGood lastGood, Rehearsal rehearsal) {
        this.client = client;
        this.settings = settings;
        this.lastGood = lastGood;
        this.rehearsal = rehearsal;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    /** Tells of the last translation, if there was one, and of every later one; must return soon and not throw. Any thread. */
    public void follow(Consumer<Delivered> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            Delivered known = latest;
            if (known != null) {
                listener.accept(known);
            }
        }
    }

    /** The status of an object as last heard of; empty if there is no such object. Any thread; asks nobody. */
    public Optional<PresentStatus> status(ObjectRef ref) {
        ObjectWatch running = watch;
        return running == null ? Optional.empty() : running.status(ref);
    }

    /** Why there is no configuration yet; empty once there was one, and from then on. Any thread. */
    public Optional<String> lacking() {
        if (configured) {
            return Optional.empty();
        }
        ObjectWatch running = watch;
        List<String> complaints = running == null ? List.of() : running.complaints();
        return Optional.of("no configuration from Kubernetes yet"
                + (complaints.isEmpty() ? "" : " (" + String.join("; ", complaints) + ")"));
    }

    @Override
    public void start(ActorContext<?> parent, ActorRef<ConfigKeeper.Command> keeper) {
        ActorSystem<?> system = parent.getSystem();
        Function<Candidate, Outcome> offer = candidate -> settled(system, keeper, candidate);
        ObjectDelivery objects = new ObjectDelivery(lastGood, GatewayConfig.EMPTY_HASH, offer);
        delivery = new Delivery(objects, offer);
        ObjectWatch started = ObjectWatch.start(client, settings, new ObjectWatch.Listener() {
            @Override
            public void objects(Collection<Decoded> all) {
                deliver(objects, all);
            }

            @Override
            public void prepare(BooleanSupplier over) {
                rehearsal.run(over);
            }
        });
        watch = started;
        // It owns the watch's threads, nothing else.
        parent.spawn(
                Behaviors.<Void>setup(context -> Behaviors.receive(Void.class)
                        .onSignal(PostStop.class, stop -> {
                            started.close();
                            return Behaviors.same();
                        })
                        .build()),
                "config-kubernetes");
    }

    /**
     * Makes the document live that other nodes have, unless something is live already: as soon as the objects themselves are known,
     * they are what counts. Blocks until it is compiled. Any thread.
     *
     * @param root may be changed
     * @return whether it is live now
     */
    public boolean standIn(Map<String, @Nullable Object> root) {
        synchronized (turn) {
            Delivery by = delivery;
            if (configured || by == null) {
                return false;
            }
            Outcome outcome = by.offer().apply(new Candidate.Tree(root));
            if (outcome instanceof Outcome.Live now) {
                by.objects().live(now.declared().hash());
            }
            configured = !(outcome instanceof Outcome.Refused);
            return configured;
        }
    }

    private void deliver(ObjectDelivery by, Collection<Decoded> objects) {
        synchronized (turn) {
            tell(by.deliver(objects));
        }
    }

    private void tell(Delivered delivered) {
        if (!delivered.live()) {
            LOG.atWarn()
                    .addKeyValue("problems", delivered.refusals())
                    .log("the configuration from kubernetes is refused as a whole, the last good one stays");
        }
        configured |= delivered.live();
        synchronized (listeners) {
            latest = delivered;
            listeners.forEach(listener -> listener.accept(delivered));
        }
    }

    /** Asks until there is an answer: nothing else would bring the change again. */
    private Outcome settled(ActorSystem<?> system, ActorRef<ConfigKeeper.Command> keeper, Candidate candidate) {
        while (true) {
            Outcome outcome = ask(system, keeper, candidate);
            if (!(outcome instanceof Outcome.Busy)) {
                return outcome;
            }
            try {
                Thread.sleep(BUSY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the node stops", e);
            }
        }
    }

    private Outcome ask(ActorSystem<?> system, ActorRef<ConfigKeeper.Command> keeper, Candidate candidate) {
        try {
            return AskPattern.<ConfigKeeper.Command, Outcome>ask(
                            keeper,
                            replyTo -> new ConfigKeeper.Offer(name(), candidate, true, replyTo),
                            PATIENCE,
                            system.scheduler())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            LOG.atWarn().addKeyValue("seconds", PATIENCE.toSeconds()).log("a configuration takes long to compile");
            return new Outcome.Busy();
        }
    }
}
