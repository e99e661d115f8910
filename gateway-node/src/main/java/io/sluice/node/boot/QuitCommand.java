package io.sluice.node.boot;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stops the node of a prefix: it drains, and is ended by force only if that takes too long. */
@Command(name = "quit", description = "Stops the node after its running requests have ended.")
final class QuitCommand implements Callable<Integer> {

    @Mixin
    private final GivenSettings given = new GivenSettings();

    @Option(
            names = {"-w", "--wait"},
            paramLabel = "N",
            description = "Seconds to wait before it is asked to stop (${DEFAULT-VALUE}).")
    private int wait;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "N",
            description = "Seconds it may take before it is ended by force (${DEFAULT-VALUE}).")
    private int timeout = 60;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartFailure, InterruptedException {
        Path prefix = given.prefixOnly();
        Optional<ProcessHandle> node = PidFile.running(prefix).flatMap(PidFile::handle);
        if (node.isEmpty()) {
            throw StartFailure.wrong("no node runs at " + prefix);
        }
        TimeUnit.SECONDS.sleep(wait);
        node.get().destroy();
        boolean gracefully = endsWithin(node.get(), timeout);
        if (!gracefully) {
            node.get().destroyForcibly();
        }
        spec.commandLine().getOut().println(gracefully ? "stopped gracefully" : "stopped by force");
        return Main.OK;
    }

    private static boolean endsWithin(ProcessHandle process, int seconds) throws InterruptedException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
