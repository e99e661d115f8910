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
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/** The proxy listeners of a node and their access log. */
final class ProxyEdge implements Edge {

    private final ProxyServer server;
    private final Optional<AccessLog> accessLog;

    private ProxyEdge(ProxyServer server, Optional<AccessLog> accessLog) {
        this.server = server;
        this.accessLog = accessLog;
    }

    /**
     * Opens the listeners.
     *
     * @param certificates shown to TLS clients whose server name has none of its own
     * @throws StartFailure if a port is taken or the access log cannot be written
     */
    static ProxyEdge start(
            NodeSettings settings,
            EventLoopGroup loops,
            ActorSystem<?> system,
            Supplier<Revision> revisions,
            List<CertifiedKey> certificates)
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
        Optional<ServerTls> tls = Optional.empty();
        for (ListenSettings address : settings.proxyListen()) {
            if (address.ssl() && tls.isEmpty()) {
                tls = Optional.of(tls(settings, revisions, certificates));
            }
            edge.listen(address, tls, materializer);
        }
        return edge;
    }

    private static ServerTls tls(NodeSettings settings, Supplier<Revision> revisions, List<CertifiedKey> certificates)
            throws StartFailure {
        try {
            return ServerTls.of(
                    settings.tls().rules(),
                    () -> revisions.get().certificates(),
                    () -> revisions.get().certificateRequests(),
                    certificates);
        } catch (GeneralSecurityException e) {
            throw StartFailure.wrong("ssl_protocols, ssl_ciphers: " + e.getMessage());
        }
    }

    private void listen(ListenSettings address, Optional<ServerTls> tls, Materializer materializer)
            throws StartFailure {
        try {
            if (address.ssl()) {
                server.listen(address, tls.orElseThrow(), materializer);
            } else {
                server.listen(address, materializer);
            }
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
