package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void versionSaysOursAndKongs() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).contains("Sluice ", "Kong 3.9.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "frob", "start --frob", "config", "config parse", "demo --nodes x", "demo --nodes 0"})
    void wrongUsageIsSaidOnStandardErrorWithCode1(String arguments) {
        int code = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("Usage: sluice");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void goodFileParses() throws IOException {
        Path file = write("good.yml", "_format_version: '3.0'\nservices:\n- name: a\n  host: h\n");

        assertThat(run("config", "parse", file.toString())).isZero();
        assertThat(out.toString()).contains("parse successful");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config parse", "validate"})
    void everyProblemOfABadFileIsSaid(String command) throws IOException {
        Path file = write(
                "bad.yml", "_format_version: '3.0'\nservices:\n- name: a\n  host: h\n  port: x\nroutes:\n- name: r\n");

        assertThat(run((command + " " + file).split(" "))).isEqualTo(1);
        assertThat(err.toString()).contains("service 'a': port: expected an integer", "route 'r': must set one of");
    }

    @Test
    void fileThatIsNotThereIsSaid() {
        assertThat(run("validate", folder.resolve("none.yml").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("none.yml: cannot be read");
    }

    @Test
    void healthAndQuitSayThatNoNodeRuns() {
        assertThat(run("health", "-p", folder.toString())).isEqualTo(1);
        assertThat(run("quit", "-p", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no node runs at " + folder);
    }

    @Test
    void wrongSettingsStopTheStartWithEveryProblem() throws IOException {
        Path file = write("kong.conf", "database = postgres\nlog_level = loud\n");

        assertThat(run("start", "-c", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("database: postgres", "log_level: loud");
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
