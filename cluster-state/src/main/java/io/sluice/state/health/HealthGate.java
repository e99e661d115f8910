package io.sluice.state.health;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Where other nodes' messages come in; hands them on at once. */
final class HealthGate extends AbstractBehavior<HealthMessage> {

    private final Consumer<HealthMessage> inlet;

    static Behavior<HealthMessage> create(Consumer<HealthMessage> inlet) {
        return Behaviors.setup(context -> new HealthGate(context, inlet));
    }

    private HealthGate(ActorContext<HealthMessage> context, Consumer<HealthMessage> inlet) {
        super(context);
        this.inlet = inlet;
    }

    @Override
    public Receive<HealthMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(HealthMessage.class, this::onMessage)
                .build();
    }

    private Behavior<HealthMessage> onMessage(HealthMessage message) {
        inlet.accept(message);
        return this;
    }
}
