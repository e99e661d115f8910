package io.sluice.node.feature;

import io.sluice.node.config.document.DeclarativeReader;
import io.sluice.node.config.document.DocumentLimits;
import io.sluice.node.config.document.EntityCheck;
import io.sluice.node.config.document.ReadResult;
import io.sluice.node.config.document.TextFormat;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.PluginRegistry;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.plugins.BuiltInPlugins;
import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.TestGateway;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.limit.Limiters;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.RouterFlavor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** A gateway with every built-in plugin that serves a kong.yml text over real sockets, in front of an {@link EchoUpstream}. */
final class Pipeline implements AutoCloseable {

    private final EchoUpstream upstream;
    private final DeclarativeReader reader;
    private final TestGateway gateway;

    private Pipeline(
            EchoUpstream upstream,
            String yaml,
            ProxySettings settings,
            Duration verdictLimit,
            List<PluginFactory> more,
            Limiters limiters) {
        this(
                upstream,
                yaml,
                more,
                (config, plugins) -> TestGateway.start(config, settings, plugins, verdictLimit, limiters));
    }

    private Pipeline(
            EchoUpstream upstream,
            String yaml,
            List<PluginFactory> more,
            BiFunction<GatewayConfig, List<PluginFactory>, TestGateway> start) {
        this.upstream = upstream;
        List<PluginFactory> plugins = new ArrayList<>(BuiltInPlugins.all());
        plugins.addAll(more);
        EntityCheck check = new EntityCheck(
                PluginRegistry.of(plugins), RouterFlavor.TRADITIONAL_COMPATIBLE, InstantSource.system());
        this.reader = new DeclarativeReader(check, new Random(7), InstantSource.system(), DocumentLimits.DEFAULT);
        this.gateway = start.apply(read(yaml), plugins);
    }

    /** Serves a document of format 3.0 without its first line; {@code UPSTREAM} in it is the upstream's port. */
    static Pipeline of(String yaml, PluginFactory... more) {
        return of(EchoUpstream.ok(), yaml, ProxySettings.DEFAULT, more);
    }

    /** The same with an upstream, which is closed with it. */
    static Pipeline of(EchoUpstream upstream, String yaml, PluginFactory... more) {
        return of(upstream, yaml, ProxySettings.DEFAULT, more);
    }

    static Pipeline of(EchoUpstream upstream, String yaml, ProxySettings settings, PluginFactory... more) {
        return new Pipeline(upstream, yaml, settings, Verdict.Later.LIMIT, List.of(more), TestGateway.localLimiters());
    }

    /** The same with limiters of the test. */
    static Pipeline of(EchoUpstream upstream, String yaml, Limiters limiters) {
        return new Pipeline(upstream, yaml, ProxySettings.DEFAULT, Verdict.Later.LIMIT, List.of(), limiters);
    }

    /** Asks a name server of the test. */
    static Pipeline asking(InetSocketAddress nameServer, EchoUpstream upstream, String yaml) {
        return new Pipeline(
                upstream, yaml, List.of(), (config, plugins) -> TestGateway.asking(nameServer, config, plugins));
    }

    /** Waits no longer than that for a plugin's verdict. */
    static Pipeline patient(Duration verdictLimit, String yaml, PluginFactory... more) {
        return new Pipeline(
                EchoUpstream.ok(),
                yaml,
                ProxySettings.DEFAULT,
                verdictLimit,
                List.of(more),
                TestGateway.localLimiters());
    }

    /** Serves another document from the next request on. */
    void reload(String yaml) {
        gateway.configure(read(yaml));
    }

    private GatewayConfig read(String yaml) {
        String text = "_format_version: '3.0'\n" + yaml.replace("UPSTREAM", "" + upstream.port());
        ReadResult result = reader.read(text, TextFormat.YAML);
        return result.config().orElseThrow(() -> new AssertionError(result.problems() + " in\n" + text));
    }

    /** Sends a request given as its lines without the Host line, on a connection of its own. */
    RawClient.Response send(String requestLine, String... fields) {
        return gateway.exchange(request(requestLine, fields));
    }

    /** Sends a request with a body of known length. */
    RawClient.Response sendBody(String requestLine, String body, String... fields) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Content-Length: " + body.length();
        return gateway.exchange(request(requestLine, all) + body);
    }

    /** Sends a request with a body in chunks. */
    RawClient.Response sendChunks(String requestLine, List<String> chunks, String... fields) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Transfer-Encoding: chunked";
        StringBuilder text = new StringBuilder(request(requestLine, all));
        for (String chunk : chunks) {
            text.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return gateway.exchange(text + "0\r\n\r\n");
    }

    /** The text of a request without a body. */
    static String request(String requestLine, String... fields) {
        StringBuilder text = new StringBuilder(requestLine).append(" HTTP/1.1\r\n");
        boolean host = false;
        for (String field : fields) {
            host |= field.startsWith("Host:");
        }
        text.append(host ? "" : "Host: example.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** The next request that reached the upstream. */
    EchoUpstream.Seen seen() throws InterruptedException {
        return upstream.next();
    }

    EchoUpstream upstream() {
        return upstream;
    }

    TestGateway gateway() {
        return gateway;
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
