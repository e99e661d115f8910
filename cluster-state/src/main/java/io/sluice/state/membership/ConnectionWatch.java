package io.sluice.state.membership;

import io.sluice.state.wire.WireFaults;
import java.time.Duration;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.event.Logging;

/**
 * Counts what others than nodes of this cluster send to its port. Pekko drops it and has no way to ask for it: of messages that are
 * none, and of connections that do not begin as its protocol does, it tells by log events, of broken TLS {@link WatchedEngines} do.
 */
final class ConnectionWatch {

    static final String NAME = "sluice-connection-watch";

    /** So it says, if debugging, whose connection it closes and why. */
    private static final String CLOSED = "Aborting tcp connection to ";

    private static final String BECAUSE = " because of upstream failure: ";
    private static final String NO_PROTOCOL = "FramingException: ";

    private static final Duration COUNT_AGAIN = Duration.ofSeconds(1);

    private enum Tick {
        COUNT
    }

    private ConnectionWatch() {}

    /** Watches until the actor system ends. */
    static Behavior<Object> create(WireFaults faults) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorSystem system = Adapter.toClassic(context.getSystem());
            EventStream events = system.getEventStream();
            events.subscribe(Adapter.toClassic(context.getSelf()), BrokenConnection.class);
            events.subscribe(Adapter.toClassic(context.getSelf()), Logging.Warning.class);
            events.subscribe(Adapter.toClassic(context.getSelf()), Logging.Debug.class);
            if (events.logLevel() < Logging.DebugLevel()) {
                events.setLogLevel(Logging.DebugLevel()); // what is logged of it is decided elsewhere
            }
            timers.startTimerWithFixedDelay(Tick.COUNT, COUNT_AGAIN);
            return Behaviors.receive(Object.class)
                    .onMessage(BrokenConnection.class, broken -> {
                        faults.refused(broken.peer(), broken.reason());
                        return Behaviors.same();
                    })
                    .onMessage(
                            Logging.Warning.class,
                            warning -> DecoderLogFilter.isDecoder(warning.logClass()),
                            warning -> {
                                faults.dropped(BrokenConnection.STRANGER, String.valueOf(warning.message()));
                                return Behaviors.same();
                            })
                    .onMessageEquals(Tick.COUNT, () -> {
                        if (((ExtendedActorSystem) system).logFilter() instanceof DecoderLogFilter filter) {
                            faults.dropped(filter.takeLeftOut());
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Logging.Debug.class, debug -> {
                        count(String.valueOf(debug.message()), faults);
                        return Behaviors.same();
                    })
                    .onAnyMessage(other -> Behaviors.same())
                    .build();
        }));
    }

    private static void count(String debug, WireFaults faults) {
        int because = debug.startsWith(CLOSED) ? debug.indexOf(BECAUSE) : -1;
        int what = because < 0 ? -1 : debug.indexOf(NO_PROTOCOL, because);
        if (what >= 0) {
            String address =
                    debug.substring(CLOSED.length(), because); // host/ip:port, and the port is another one each time
            int port = address.lastIndexOf(':');
            String reason = debug.substring(what + NO_PROTOCOL.length())
                    .lines()
                    .findFirst()
                    .orElse("");
            faults.refused(address.substring(address.indexOf('/') + 1, port < 0 ? address.length() : port), reason);
        }
    }
}
