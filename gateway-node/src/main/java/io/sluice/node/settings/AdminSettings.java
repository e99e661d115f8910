package io.sluice.node.settings;

import java.util.List;
import java.util.Optional;

/**
 * The Admin API and the Manager page.
 *
 * @param guiListen where the Manager page is served
 * @param guiOrigins origins of browsers that may use the Admin API; empty for any
 * @param guiPath where the page is below its origin, starts with a slash
 * @param guiApiUrl where the page finds the Admin API, if not at {@code admin_listen}
 * @param bodyBytes longest request body, 0 for no limit
 */
public record AdminSettings(
        List<ListenSettings> guiListen,
        List<String> guiOrigins,
        String guiPath,
        Optional<String> guiApiUrl,
        long bodyBytes) {}
