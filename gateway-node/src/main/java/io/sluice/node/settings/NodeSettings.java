package io.sluice.node.settings;

import io.sluice.state.model.RouterFlavor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Everything a node is told at its start, validated as a whole and never changed afterwards.
 *
 * @param nodeId stable identity; empty to make one up
 * @param prefix working directory, need not exist yet
 * @param declarativeConfig the kong.yml to serve and watch
 * @param declarativeConfigString its text, given directly
 * @param plugins names of the enabled plugins; {@code bundled} stands for all built-in ones
 * @param eventLoops threads that move bytes, at least 1
 * @param ingress empty if the node does not act as ingress controller
 * @param logs where access and error logs go
 * @param shown every setting as the Admin API shows it, by Kong's key, secrets masked
 */
public record NodeSettings(
        Optional<UUID> nodeId,
        Path prefix,
        List<ListenSettings> proxyListen,
        List<ListenSettings> adminListen,
        List<ListenSettings> statusListen,
        Optional<Path> declarativeConfig,
        Optional<String> declarativeConfigString,
        RouterFlavor routerFlavor,
        List<String> plugins,
        int eventLoops,
        ProxySettings proxy,
        TlsSettings tls,
        DnsSettings dns,
        AdminSettings admin,
        ClusterSettings cluster,
        Optional<IngressSettings> ingress,
        StopSettings stop,
        LogSettings logs,
        Map<String, Object> shown) {

    /**
     * Where logs go: a path, /dev/stdout, /dev/stderr, or empty for off.
     *
     * @param level Kong's word: debug, info, notice, warn, error, crit, alert, emerg
     * @param accessJson access lines as JSON instead of nginx's combined format
     */
    public record LogSettings(
            Optional<String> proxyAccess,
            Optional<String> proxyError,
            Optional<String> adminAccess,
            String level,
            boolean accessJson) {}

    /**
     * How the node ends.
     *
     * @param delay between readiness going off and the listeners being closed, for others to notice
     * @param timeout how long running requests may take after that
     */
    public record StopSettings(Duration delay, Duration timeout) {}

    /** Only what may be shown: the configuration's text holds secrets. */
    @Override
    public String toString() {
        return "NodeSettings" + shown;
    }
}
