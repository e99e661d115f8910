package io.sluice.state.membership;

import io.sluice.state.wire.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node in a JVM of its own, which can be paused and killed; it says when it gains and loses contact. */
final class NodeProcess implements AutoCloseable {

    private static final long LOOK_EACH_MILLIS = 10;

    /** Lines it wrote: {@code true} or {@code false}, and its id. */
    final List<String> said = new CopyOnWriteArrayList<>();

    private final Process process;

    NodeProcess(String host, int port, String... seeds) throws IOException {
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeProcess.class.getName(),
                        host,
                        "" + port,
                        String.join(",", seeds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            // Its log is in between.
            lines.lines()
                    .filter(line -> line.matches("(true|false) [0-9a-f]{16}"))
                    .forEach(said::add);
        } catch (IOException e) {
            // It is gone.
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        ClusterNode node = ClusterNode.start(
                new ClusterNodeSettings(
                        arguments[0],
                        Integer.parseInt(arguments[1]),
                        Optional.empty(),
                        new Peers.Seeds(List.of(arguments[2].split(","))),
                        Optional.empty()),
                List.of(),
                List.of());
        boolean before = false;
        while (System.in.available() == 0) {
            boolean now = node.inContact();
            if (now != before) {
                System.out.println(now + " " + NodeId.show(node.members().self().id()));
                before = now;
            }
            Thread.sleep(LOOK_EACH_MILLIS);
        }
    }
}
