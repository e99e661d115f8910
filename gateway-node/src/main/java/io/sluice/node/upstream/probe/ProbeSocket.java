package io.sluice.node.upstream.probe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.stream.javadsl.Tcp.OutgoingConnection;
import org.apache.pekko.util.ByteString;

/** The one connection of a probe. Whatever the streams on it do, {@link #close} and {@link #abort} end it. Thread-safe. */
final class ProbeSocket {

    private final SharedKillSwitch end = KillSwitches.shared("probe");
    private final Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> bytes;

    /**
     * @param patience after which somebody ends it
     */
    ProbeSocket(ActorSystem system, InetSocketAddress address, Duration patience) {
        Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connection = Tcp.get(system)
                .outgoingConnection(
                        address,
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.of(patience.plusSeconds(1)),
                        Optional.empty());
        bytes = Flow.of(ByteString.class)
                .via(end.flow())
                .viaMat(connection, Keep.right())
                .via(end.flow());
    }

    /** What is sent and received; connects when it is run, which may happen once. */
    Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> bytes() {
        return bytes;
    }

    /** Ends it in order. */
    void close() {
        end.shutdown();
    }

    /** Ends it at once, also while it still connects. */
    void abort() {
        end.abort(new ProbeEnded());
    }

    private static final class ProbeEnded extends RuntimeException {
        ProbeEnded() {
            super("the probe has ended", null, false, false);
        }
    }
}
