package io.sluice.node.admin;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.settings.ListenSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;

/** One bound address of the Admin, Status or Manager listeners. */
public final class ApiListener {

    private static final String SETTINGS = """
            server-header = ""
            transparent-head-requests = on
            remote-address-attribute = on
            idle-timeout = 75s
            request-timeout = 60s
            parsing.max-uri-length = 16k
            parsing.max-header-value-length = 16k
            parsing.illegal-header-warnings = off
            # Without it one connection may send frames that cost us more than the client, endlessly.
            http2.frame-type-throttle {
              frame-types = ["reset", "continuation", "ping", "priority"], cost = 100, burst = 100, interval = 1s
            }
            http2.max-concurrent-streams = 64
            http2.incoming-connection-level-buffer-size = 1MB
            """;

    private final ServerBinding binding;
    private final boolean ssl;

    private ApiListener(ServerBinding binding, boolean ssl) {
        this.binding = binding;
        this.ssl = ssl;
    }

    /**
     * Binds an address. The stage fails with {@link java.net.BindException} if it is taken.
     *
     * @param tls for addresses with {@code ssl}
     */
    static CompletionStage<ApiListener> bind(
            ActorSystem<?> system,
            ListenSettings address,
            Optional<SSLContext> tls,
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        ServerBuilder server =
                Http.get(system).newServerAt(address.host(), address.port()).withSettings(settings(system, address));
        if (address.ssl()) {
            SSLContext context = tls.orElseThrow(() -> new IllegalArgumentException("ssl without certificate"));
            HttpsConnectionContext https = ConnectionContext.httpsServer(() -> {
                var engine = context.createSSLEngine();
                engine.setUseClientMode(false);
                return engine;
            });
            server = server.enableHttps(https);
        }
        return server.bind(handler).thenApply(binding -> new ApiListener(binding, address.ssl()));
    }

    private static ServerSettings settings(ActorSystem<?> system, ListenSettings address) {
        var overrides = ConfigFactory.parseString("pekko.http.server { " + SETTINGS + "\nbacklog = " + address.backlog()
                + "\npreview.enable-http2 = " + (address.http2() ? "on" : "off") + "\n}");
        return ServerSettings.create(overrides.withFallback(system.settings().config()));
    }

    /** Where it really listens; the port is never 0. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Where clients of this machine reach it, for example {@code http://127.0.0.1:8001}. */
    public String url() {
        InetAddress address = address().getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (ssl ? "https://" : "http://") + authority + ":" + address().getPort();
    }

    /** Takes no more connections, lets running requests end within the time, then closes the rest. */
    public CompletionStage<Done> stop(Duration patience) {
        return binding.terminate(patience).thenApply(terminated -> Done.getInstance());
    }
}
