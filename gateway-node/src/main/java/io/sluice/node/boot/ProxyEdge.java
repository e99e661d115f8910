package io.sluice.node.boot;

import io.sluice.node.config.Revision;
import io.sluice.node.http.EventLoopGroup;
import io.sluice.node.observe.AccessLog;
import io.sluice.node.observe.LogRecord;
import io.sluice.node.plugin.LineFile;
import io.sluice.node.proxy.ExchangeLog;
import io.sluice.node.proxy.ProxyServer;
import io.sluice.node.settings.ListenSettings;
import io.sluice.node.settings.NodeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy listeners of a node and their access log. */
final class ProxyEdge implements Edge {

    private static final Logger log = LoggerFactory.getLogger(ProxyEdge.class);

    private final ProxyServer server;
    private final Optional<AccessLog> accessLog;

    private ProxyEdge(ProxyServer server, Optional<AccessLog> accessLog) {
        this.server = server;
        this.accessLog = accessLog;
    }

    /**
     * Opens the listeners.
     *
     * @throws StartFailure if a port is taken or the access log cannot be written
     */
    static ProxyEdge start(
            NodeSettings settings, EventLoopGroup loops, ActorSystem<?> system, Supplier<Revision> revisions)
            throws StartFailure {
        InstantSource clock = InstantSource.system();
        Optional<AccessLog> accessLog = accessLog(settings);
        ExchangeLog exchanges = accessLog
                .<ExchangeLog>map(file -> exchange -> file.log(exchange, clock.millis()))
                .orElse(ExchangeLog.NONE);
        ProxyServer server = new ProxyServer(
                loops,
                new ProxyServer.Parts(
                        settings.proxy(), settings.routerFlavor(), revisions, clock, exchanges, LogRecord::of));
        ProxyEdge edge = new ProxyEdge(server, accessLog);
        Materializer materializer = SystemMaterializer.get(system).materializer();
        for (ListenSettings address : settings.proxyListen()) {
            edge.listen(address, materializer);
        }
        return edge;
    }

    private void listen(ListenSettings address, Materializer materializer) throws StartFailure {
        if (address.ssl()) {
            log.atInfo()
                    .addKeyValue("address", address.host() + ":" + address.port())
                    .log("TLS listeners of the proxy are not there yet: this one is not opened");
            return;
        }
        try {
            server.listen(address, materializer);
        } catch (IOException e) {
            server.close();
            throw GatewayNode.taken("proxy_listen", address, e);
        }
    }

    private static Optional<AccessLog> accessLog(NodeSettings settings) throws StartFailure {
        Optional<String> target = settings.logs().proxyAccess();
        if (target.isEmpty()) {
            return Optional.empty();
        }
        AccessLog.Format format = settings.logs().accessJson() ? AccessLog.Format.JSON : AccessLog.Format.COMBINED;
        Path path = settings.prefix().resolve(target.get());
        try {
            return Optional.of(new AccessLog(new LineFile(path, true), format));
        } catch (IOException e) {
            throw StartFailure.wrong("proxy_access_log: " + path + " (expected: a file that can be written to)");
        }
    }

    @Override
    public CompletionStage<?> drain() {
        return server.drain();
    }

    @Override
    public void cutOff() {
        server.cutOff();
    }

    @Override
    public void close() {
        server.close();
        accessLog.ifPresent(AccessLog::close);
    }
}
