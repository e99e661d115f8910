package io.sluice.state.membership;

import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;
import scala.Option;

/**
 * The TLS engines of the cluster port, by files that may be replaced. Pekko closes a connection whose TLS breaks without a word
 * when it was the other one that connected; so each engine tells of it, as a {@link BrokenConnection}. Any thread.
 */
public final class WatchedEngines implements SSLEngineProvider {

    private final SSLEngineProvider engines;
    private final Consumer<BrokenConnection> broken;

    /** Made by Pekko, by its class name. */
    public WatchedEngines(ActorSystem system) {
        engines = new RotatingKeysSSLEngineProvider(system);
        broken = event -> system.getEventStream().publish(event);
    }

    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
        return watched(engines.createServerSSLEngine(host, port), BrokenConnection.STRANGER);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        return watched(engines.createClientSSLEngine(host, port), host + ":" + port);
    }

    private SSLEngine watched(SSLEngine engine, String peer) {
        return new WatchedEngine(engine, failure -> broken.accept(new BrokenConnection(peer, reason(failure))));
    }

    private static String reason(SSLException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "TLS: " + cause.getMessage();
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return engines.verifyClientSession(host, session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return engines.verifyServerSession(host, session);
    }
}
