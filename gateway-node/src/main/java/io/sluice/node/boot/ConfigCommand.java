package io.sluice.node.boot;

import io.sluice.node.config.document.ReadResult;
import io.sluice.node.config.document.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on declarative configuration files. */
@Command(
        name = "config",
        description = "Works on declarative configuration files.",
        subcommands = ConfigCommand.Parse.class)
final class ConfigCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command (expected: parse)");
    }

    /** Checks one file. */
    @Command(name = "parse", description = "Checks a file: 0 if it is good, else 1 with every problem.")
    static class Parse implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "YAML (.yml, .yaml) or JSON (.json).")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path file;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Mixin
        private final GivenSettings given = new GivenSettings();

        @Override
        public Integer call() throws StartFailure {
            Optional<TextFormat> format = TextFormat.ofFileName(file.toString());
            if (format.isEmpty()) {
                throw StartFailure.wrong(file + ": unknown file type (expected: .yml, .yaml or .json)");
            }
            ConfigCheck check = ConfigCheck.of(given.read().settings(), InstantSource.system());
            ReadResult result = check.reader().read(text(), format.get());
            if (result.config().isEmpty()) {
                throw StartFailure.of(result.problems());
            }
            result.warnings().forEach(spec.commandLine().getErr()::println);
            spec.commandLine().getOut().println("parse successful");
            return Main.OK;
        }

        private String text() throws StartFailure {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw StartFailure.wrong(file + ": cannot be read (expected: a readable text file)");
            }
        }
    }

    /** The same under a name of its own. */
    @Command(name = "validate", description = "The same as config parse.")
    static final class Validate extends Parse {}
}
