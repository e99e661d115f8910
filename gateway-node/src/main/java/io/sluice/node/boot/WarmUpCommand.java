package io.sluice.node.boot;

import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Starts a node on free ports, asks it something and ends it in the ordinary way: the JVM then has loaded what a start needs and
 * can write its class-data archive. Called by the launcher.
 */
@Command(name = "warm-up", hidden = true, description = "Starts and ends a node, for the class-data archive.")
final class WarmUpCommand implements Callable<Integer> {

    @Override
    public Integer call() throws StartFailure, IOException {
        Path prefix = Files.createTempDirectory("sluice-warm-up");
        NodeSettings settings = settings(prefix);
        LogSetup.apply(settings.logs(), false);
        GatewayNode node = GatewayNode.start(settings);
        URI status = URI.create(node.statusUrl() + "/status");
        HttpURLConnection connection = (HttpURLConnection) status.toURL().openConnection();
        int code = connection.getResponseCode();
        connection.disconnect();
        node.stop().toCompletableFuture().join();
        Files.deleteIfExists(prefix.resolve("pids"));
        Files.deleteIfExists(prefix);
        return code == HttpURLConnection.HTTP_OK ? Main.OK : Main.WRONG;
    }

    private static NodeSettings settings(Path prefix) {
        ReadSettings read = SettingsReader.read(
                Map.of(
                        "SLUICE_PREFIX", prefix.toString(),
                        "SLUICE_PROXY_LISTEN", "127.0.0.1:0",
                        "SLUICE_ADMIN_LISTEN", "127.0.0.1:0, 127.0.0.1:0 ssl http2",
                        "SLUICE_STATUS_LISTEN", "127.0.0.1:0",
                        "SLUICE_LOG_LEVEL", "error",
                        "SLUICE_DECLARATIVE_CONFIG_STRING",
                                "_format_version: '3.0'\nservices:\n- {name: a, host: h, routes: [{paths: [/a]}]}\n"),
                Map.of(),
                Optional.empty());
        return ((ReadSettings.Accepted) read).settings();
    }
}
