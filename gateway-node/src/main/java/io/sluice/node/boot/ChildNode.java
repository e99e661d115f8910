package io.sluice.node.boot;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another node of a demonstration: a process with the same java, options and jar, that ends with this one whatever happens to it. */
final class ChildNode implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 2_000;
    private static final int STOP_SECONDS = 20;

    private final Process process;
    private final Path prefix;
    private final Path log;

    private ChildNode(Process process, Path prefix, Path log) {
        this.process = process;
        this.prefix = prefix;
        this.log = log;
    }

    /**
     * Starts it; what it writes goes to a file.
     *
     * @param settings by HOCON key, stronger than those this process was given
     * @param arguments of the command {@code start}
     */
    static ChildNode start(Path prefix, Map<String, String> settings, List<String> arguments) throws IOException {
        Files.createDirectories(prefix);
        Path log = prefix.resolve("node.log");
        List<String> command = java();
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(main("start"));
        command.addAll(List.of("--with-parent", "-p", prefix.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(log.toString()))
                .start();
        return new ChildNode(process, prefix, log);
    }

    /** This process' java and its options. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .filter(argument -> !argument.startsWith("-XX:ArchiveClassesAtExit"))
                .forEach(command::add);
        return command;
    }

    /** A command of this program. */
    static List<String> main(String name) {
        return List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), name);
    }

    /** In the child: ends this process in order when the parent's end of its standard input is gone. */
    static void endWith(InputStream input) {
        Thread watch = new Thread(
                () -> {
                    try {
                        input.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // The parent is gone in another way.
                    }
                    System.exit(Main.OK);
                },
                "sluice-parent");
        watch.setDaemon(true);
        watch.start();
    }

    long pid() {
        return process.pid();
    }

    /**
     * Whether it serves.
     *
     * @throws StartFailure if it ended instead, with what it said
     */
    boolean isReady() throws StartFailure, IOException {
        if (!process.isAlive()) {
            List<String> said = new ArrayList<>(Files.readAllLines(log));
            said.add("(a node of the demonstration ended with code " + process.exitValue() + ": " + log + ")");
            throw new StartFailure(process.exitValue() == Main.PORT_TAKEN ? Main.PORT_TAKEN : Main.WRONG, said);
        }
        Optional<String> status = PidFile.running(prefix)
                .filter(note -> note.process() == process.pid())
                .map(PidFile::status);
        return status.isPresent() && (status.get().isEmpty() || answers(status.get() + "/status/ready"));
    }

    private static boolean answers(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            int code = connection.getResponseCode();
            connection.disconnect();
            return code == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks it to end. */
    void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** Ends it and waits until it has ended. */
    @Override
    public void close() {
        end();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
