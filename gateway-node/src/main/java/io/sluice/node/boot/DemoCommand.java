package io.sluice.node.boot;

import io.sluice.node.settings.ReadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A node with an example configuration and something behind it, to try things out. */
@Command(
        name = "demo",
        description = "Runs a node with an example configuration and two upstreams, and says what to try.")
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private final GivenSettings given = new GivenSettings();

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 9 (${DEFAULT-VALUE}).")
    private int nodes = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartFailure, IOException {
        if (nodes < 1 || nodes > 9) {
            throw new ParameterException(spec.commandLine(), "--nodes: " + nodes + " (expected: 1 to 9)");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (nodes > 1) {
            out.println("Several nodes come later; this is one.");
        }
        Path folder = given.prefixOnly().resolve("demo");
        ReadSettings.Accepted read = given.read(Map.of(
                "sluice.node.declarative-config",
                folder.resolve("kong.yml").toString(),
                "sluice.node.declarative-config-string",
                ""));
        LogSetup.apply(read.settings().logs(), StartCommand.isJson());
        StartCommand.tell(read.notices());
        try (DemoUpstream one = DemoUpstream.start("one");
                DemoUpstream two = DemoUpstream.start("two")) {
            Path config = write(folder, one.port(), two.port());
            GatewayNode node = GatewayNode.start(read.settings());
            ShutdownHook.install(node);
            whatToTry(node, config).forEach(out::println);
            out.flush();
            node.awaitEnd();
        }
        return Main.OK;
    }

    private static Path write(Path folder, int one, int two) throws IOException {
        try (InputStream template = DemoCommand.class.getResourceAsStream("/demo/kong.yml")) {
            if (template == null) {
                throw new IllegalStateException("the jar lacks demo/kong.yml");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${one}", "127.0.0.1:" + one)
                    .replace("${two}", "127.0.0.1:" + two);
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve("kong.yml"), text);
        }
    }

    private static List<String> whatToTry(GatewayNode node, Path config) {
        String proxy = node.proxyUrl();
        return List.of(
                "",
                "Sluice runs with the configuration " + config + " (edit it: changes are taken up)",
                "",
                "  curl -i " + proxy + "/echo/hello                       two upstreams take turns",
                "  curl -i " + proxy + "/private                          401: a key is needed",
                "  curl -i -H 'apikey: demo-key' " + proxy + "/private    the upstream learns who it is",
                "  for i in 1 2 3 4 5 6; do curl -s -o /dev/null -w '%{http_code}\\n' " + proxy + "/limited; done",
                "                                                               the sixth of a minute is a 429",
                "  curl -i -H 'Origin: https://shop.example' " + proxy + "/echo   allowed by cors",
                "  curl -s " + node.adminUrl() + "/routes                      the Admin API",
                "  curl -s " + node.statusUrl() + "/status/ready                the Status API",
                "",
                "Ctrl-C stops all.",
                "");
    }
}
