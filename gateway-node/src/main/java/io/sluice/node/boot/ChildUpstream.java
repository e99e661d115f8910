package io.sluice.node.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** An upstream of a demonstration, in a process of its own that ends with this one. */
record ChildUpstream(String name, Process process) implements AutoCloseable {

    /** Begins to start it. */
    static ChildUpstream start(String name) throws IOException {
        List<String> command = ChildNode.java();
        command.addAll(ChildNode.main("demo-upstream"));
        command.add(name);
        return new ChildUpstream(
                name,
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /**
     * The port it listens on; waits until it does.
     *
     * @throws StartFailure if it ended instead
     */
    int port() throws StartFailure, IOException {
        BufferedReader said = process.inputReader();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.matches("\\d{1,5}")) {
                return Integer.parseInt(line);
            }
        }
        throw StartFailure.wrong(
                "the upstream '" + name + "' of the demonstration ended (expected: the port it listens on)");
    }

    long pid() {
        return process.pid();
    }

    /** Ends it and waits until it has ended. */
    @Override
    public void close() {
        process.destroyForcibly(); // it has nothing to lose
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
