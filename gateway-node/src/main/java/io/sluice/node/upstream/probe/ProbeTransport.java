package io.sluice.node.upstream.probe;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Lets Pekko HTTP use the connection of a probe, whatever host it asks for. */
final class ProbeTransport extends ClientTransport {

    private final ProbeSocket socket;

    ProbeTransport(ProbeSocket socket) {
        this.socket = socket;
    }

    @Override
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
            String host, int port, ClientConnectionSettings settings, ActorSystem system) {
        return socket.bytes()
                .mapMaterializedValue(connected -> connected.thenApply(connection -> new OutgoingConnection(
                        new Http.OutgoingConnection(connection.localAddress(), connection.remoteAddress()))));
    }
}
