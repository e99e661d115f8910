package io.sluice.node.boot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether the node of a prefix runs and answers. */
@Command(name = "health", description = "Says whether the node runs and is ready: 0 if so, else 1.")
final class HealthCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Mixin
    private final GivenSettings given = new GivenSettings();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartFailure, InterruptedException {
        Path prefix = given.prefixOnly();
        Optional<PidFile> node = PidFile.running(prefix);
        if (node.isEmpty()) {
            throw StartFailure.wrong("no node runs at " + prefix);
        }
        String status = node.get().status();
        String state = status.isEmpty() ? "running (it has no status_listen to ask)" : readiness(status);
        spec.commandLine().getOut().println("process " + node.get().process() + ": " + state);
        return state.startsWith("running") || state.equals("ready") ? Main.OK : Main.WRONG;
    }

    /** {@code ready}, or why not. */
    private static String readiness(String status) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(status + "/status/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            return response.statusCode() == 200 ? "ready" : "not ready: " + response.body();
        } catch (IOException e) {
            return "does not answer at " + status;
        }
    }
}
