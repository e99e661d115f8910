package io.sluice.node.boot;

import io.sluice.node.settings.Version;
import java.security.Security;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done or stopped on request, 1 wrong usage or settings, 3 a port is taken. */
@Command(
        name = "sluice",
        description = "An API gateway that speaks Kong's language.",
        subcommands = {
            DemoCommand.class,
            DemoUpstreamCommand.class,
            StartCommand.class,
            ConfigCommand.class,
            ConfigCommand.Validate.class,
            HealthCommand.class,
            QuitCommand.class,
            WarmUpCommand.class,
            Main.VersionCommand.class
        })
public final class Main implements Runnable {

    /** Done, or stopped on request. */
    static final int OK = 0;
    /** Wrong usage, settings or configuration; nothing was started. */
    static final int WRONG = 1;
    /** A port is taken. */
    static final int PORT_TAKEN = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        // The resolver keeps answers itself; the JVM's cache below it would make them older than they look.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof StartFailure refused)) {
                throw failure;
            }
            refused.lines().forEach(command.getErr()::println);
            return refused.exitCode();
        });
        // In the image a command is a file that names Java as its interpreter: the kernel then passes the file's path.
        line.getCommandSpec()
                .addOption(OptionSpec.builder("--called-as")
                        .type(String.class)
                        .hidden(true)
                        .build());
        setExitCodes(line);
        return line;
    }

    private static void setExitCodes(CommandLine line) {
        line.getCommandSpec().exitCodeOnInvalidInput(WRONG).exitCodeOnExecutionException(WRONG);
        line.getCommandSpec().usageMessage().autoWidth(false);
        line.getSubcommands().values().forEach(Main::setExitCodes);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command (expected: one of those below)");
    }

    @Command(name = "version", description = "Says which version this is.")
    static final class VersionCommand implements Runnable {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Override
        public void run() {
            List.of("Sluice " + Version.sluice(), "speaks Kong " + Version.KONG)
                    .forEach(spec.commandLine().getOut()::println);
        }
    }
}
