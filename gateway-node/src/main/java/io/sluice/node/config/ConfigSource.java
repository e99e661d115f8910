package io.sluice.node.config;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Where configurations come from. Offers each to the keeper as long as its parent lives. */
public interface ConfigSource {

    /** For the log, for example {@code file /etc/kong.yml}. */
    String name();

    /** Starts it as children of the actor. Called once. */
    void start(ActorContext<?> parent, ActorRef<ConfigKeeper.Command> keeper);
}
