package io.sluice.node.settings;

import io.sluice.state.model.RouterFlavor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a node is told at its start, validated as a whole and never changed afterwards.
 *
 * @param declarativeConfig the kong.yml to serve and watch
 * @param declarativeConfigString its text, given directly
 * @param plugins names of the enabled plugins
 * @param eventLoops threads that move bytes, at least 1
 * @param logs where access and error logs go
 * @param shown every setting as the Admin API shows it, secrets masked
 */
public record NodeSettings(
        List<ListenSettings> proxyListen,
        List<ListenSettings> adminListen,
        List<ListenSettings> statusListen,
        Optional<Path> declarativeConfig,
        Optional<String> declarativeConfigString,
        RouterFlavor routerFlavor,
        List<String> plugins,
        int eventLoops,
        ProxySettings proxy,
        LogSettings logs,
        Map<String, Object> shown) {

    /**
     * Where logs go: a path, /dev/stdout, /dev/stderr, or empty for off.
     *
     * @param level Kong's word: debug, info, notice, warn, error, crit
     */
    public record LogSettings(
            Optional<String> proxyAccess, Optional<String> proxyError, Optional<String> adminAccess, String level) {}
}
