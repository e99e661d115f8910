package io.sluice.node.boot;

import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A cluster with an example configuration and something behind it, to try things out. */
@Command(
        name = "demo",
        description = "Runs a cluster with an example configuration and two upstreams, and says what to try.")
final class DemoCommand implements Callable<Integer> {

    private static final long FORMED_WITHIN_SECONDS = 60;

    @Mixin
    private final GivenSettings given = new GivenSettings();

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 9 (${DEFAULT-VALUE}).")
    private int nodes = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartFailure, IOException, InterruptedException {
        if (nodes < 1 || nodes > 9) {
            throw new ParameterException(spec.commandLine(), "--nodes: " + nodes + " (expected: 1 to 9)");
        }
        NodeSettings settings =
                given.read(Map.of("sluice.node.cluster-discovery", "none")).settings();
        Path folder = settings.prefix().resolve("demo");
        Path config = folder.resolve("kong.yml");
        DemoPlace place = new DemoPlace(settings, nodes);
        ReadSettings.Accepted read = given.read(place.settings(0, config));
        LogSetup.apply(read.settings().logs(), StartCommand.isJson());
        StartCommand.tell(read.notices());
        List<ChildNode> children = new ArrayList<>();
        try (ChildUpstream one = ChildUpstream.start("one");
                ChildUpstream two = ChildUpstream.start("two")) {
            write(config, one.port(), two.port());
            for (int k = 1; k < nodes; k++) {
                children.add(
                        ChildNode.start(folder.resolve("node-" + k), place.settings(k, config), given.arguments()));
            }
            GatewayNode node = GatewayNode.start(read.settings());
            boolean formed = false;
            try {
                awaitFormed(node, children);
                formed = true;
            } finally {
                if (!formed) {
                    node.stop().toCompletableFuture().join();
                }
            }
            // Until here the children notice by themselves when this process is gone.
            ShutdownHook.install(node, () -> children.forEach(ChildNode::end), () -> {
                children.forEach(ChildNode::close);
                List.of(one, two).forEach(ChildUpstream::close);
            });
            PrintWriter out = spec.commandLine().getOut();
            whatToTry(node, place, children, config, one).forEach(out::println);
            out.flush();
            node.awaitEnd();
        } finally {
            children.forEach(ChildNode::close);
        }
        return Main.OK;
    }

    private static void write(Path config, int one, int two) throws IOException {
        try (InputStream template = DemoCommand.class.getResourceAsStream("/demo/kong.yml")) {
            if (template == null) {
                throw new IllegalStateException("the jar lacks demo/kong.yml");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${one}", "127.0.0.1:" + one)
                    .replace("${two}", "127.0.0.1:" + two);
            Files.createDirectories(config.getParent());
            Files.writeString(config, text);
        }
    }

    /** Waits until all nodes serve and know each other. */
    private void awaitFormed(GatewayNode node, List<ChildNode> children)
            throws StartFailure, IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FORMED_WITHIN_SECONDS);
        while (!isFormed(node, children)) {
            if (System.nanoTime() - end > 0) {
                throw StartFailure.wrong("the nodes did not find each other within " + FORMED_WITHIN_SECONDS
                        + " seconds (expected: a cluster of " + nodes + "); their logs are below "
                        + given.prefixOnly());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean isFormed(GatewayNode node, List<ChildNode> children) throws StartFailure, IOException {
        for (ChildNode child : children) {
            if (!child.isReady()) {
                return false;
            }
        }
        long up = node.membership().members().all().stream()
                .filter(member -> member.status().votes())
                .count();
        return up == nodes;
    }

    private static List<String> whatToTry(
            GatewayNode node, DemoPlace place, List<ChildNode> children, Path config, ChildUpstream upstream) {
        String proxy = node.proxyUrl();
        List<String> lines = new ArrayList<>(List.of(
                "",
                children.isEmpty()
                        ? "Sluice runs with the configuration " + config + " (edit it: changes are taken up)"
                        : place.nodes() + " nodes of Sluice run as a cluster with the configuration " + config
                                + " (edit it: changes are taken up)",
                "",
                "  curl -i " + proxy + "/echo/hello                       two upstreams take turns",
                "  curl -i " + proxy + "/private                          401: a key is needed",
                "  curl -i -H 'apikey: demo-key' " + proxy + "/private    the upstream learns who it is",
                "  curl -i -H 'Origin: https://shop.example' " + proxy + "/echo   allowed by cors",
                "  curl -s " + node.adminUrl() + "/routes                      the Admin API",
                "  curl -s " + node.statusUrl() + "/status/ready                the Status API"));
        String proxies = IntStream.range(0, place.nodes())
                .mapToObj(k -> place.url(proxy, k))
                .collect(Collectors.joining(" "));
        lines.addAll(
                List.of(
                        "",
                        "  for i in $(seq 21); do for p in " + proxies + "; do",
                        "    curl -s -o /dev/null -w '%{http_code}\\n' $p/limited; done; done | sort | uniq -c",
                        "                                                               20 of a minute are a 200, wherever they go"));
        if (!children.isEmpty()) {
            int last = children.size();
            lines.addAll(List.of(
                    "",
                    "  for p in " + proxies + "; do curl -s $p/echo/hello | head -n 2; done",
                    "                                                               each node serves the same",
                    "  curl -s " + node.adminUrl() + "/cluster                     the nodes, as this one sees them",
                    "  kill -9 " + children.get(last - 1).pid() + "                                               node "
                            + last + " is gone from /cluster about ten seconds later"));
        }
        lines.addAll(killing(node, place, upstream));
        lines.addAll(List.of("", "Ctrl-C stops all.", ""));
        return lines;
    }

    /** What one node finds out about an upstream all know. */
    private static List<String> killing(GatewayNode node, DemoPlace place, ChildUpstream upstream) {
        String proxies = IntStream.range(0, place.nodes())
                .mapToObj(k -> place.url(node.proxyUrl(), k))
                .collect(Collectors.joining(" "));
        return List.of(
                "",
                "  kill -9 " + upstream.pid() + "                                               upstream '"
                        + upstream.name() + "' is gone; requests still succeed:",
                "  for p in " + proxies
                        + "; do for i in 1 2 3 4; do curl -s -o /dev/null -w '%{http_code}\\n' $p/echo; done; done",
                "  curl -s " + node.adminUrl() + "/cluster/health              who found it, when and why");
    }
}
