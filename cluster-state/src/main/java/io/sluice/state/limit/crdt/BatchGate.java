package io.sluice.state.limit.crdt;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Where other nodes' batches come in; hands them on at once. */
final class BatchGate extends AbstractBehavior<Batch> {

    /** Who takes them, quickly. */
    @FunctionalInterface
    interface Inlet {

        void receive(Batch batch);
    }

    private final Inlet inlet;

    static Behavior<Batch> create(Inlet inlet) {
        return Behaviors.setup(context -> new BatchGate(context, inlet));
    }

    private BatchGate(ActorContext<Batch> context, Inlet inlet) {
        super(context);
        this.inlet = inlet;
    }

    @Override
    public Receive<Batch> createReceive() {
        return newReceiveBuilder().onMessage(Batch.class, this::onBatch).build();
    }

    private Behavior<Batch> onBatch(Batch batch) {
        inlet.receive(batch);
        return this;
    }
}
