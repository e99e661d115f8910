package io.sluice.node.feature;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Programs that others have written, as clients; what they say is read, and they end in time. */
final class Program {

    private static final long MOST_SECONDS = 60;

    private Program() {}

    /** Leaves the test out where a program is missing. */
    static void require(String name) {
        boolean there = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(folder -> new File(folder, name).canExecute());
        assumeTrue(there, "no " + name + " is installed");
    }

    /** Runs a command to its end, with that as its input; gives what it says, errors included. */
    static String run(String input, List<String> command) {
        try {
            Process process = start(command);
            CompletableFuture<byte[]> said = CompletableFuture.supplyAsync(() -> all(process));
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // it has ended before it has read all
            }
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                end(process);
                throw new AssertionError(command + " did not end");
            }
            return new String(said.join(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts one that is ended by {@link #end}. */
    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Ends a program and all that it has started. */
    static void end(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        started.forEach(one -> one.onExit().join());
    }

    private static byte[] all(Process process) {
        try {
            return process.getInputStream().readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
