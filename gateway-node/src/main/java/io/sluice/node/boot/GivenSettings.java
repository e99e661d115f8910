package io.sluice.node.boot;

import io.sluice.node.settings.NodeSettings;
import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.SettingsReader;
import io.sluice.state.model.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all commands about a node share, and the settings they lead to. */
final class GivenSettings {

    @Option(
            names = {"-c", "--conf"},
            paramLabel = "FILE",
            description = "Settings: `key = value` lines as in kong.conf, or HOCON.")
    private @Nullable Path file;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "FOLDER",
            description = "The node's working directory.")
    private @Nullable Path prefix;

    @Option(names = "--v", description = "Log at level info.")
    private boolean verbose;

    @Option(names = "--vv", description = "Log at level debug.")
    private boolean veryVerbose;

    /** All settings, the process's variables and properties included. */
    ReadSettings.Accepted read() throws StartFailure {
        return read(Map.of());
    }

    /**
     * All settings.
     *
     * @param extra settings stronger than all others, by HOCON key
     */
    ReadSettings.Accepted read(Map<String, String> extra) throws StartFailure {
        Map<String, String> properties = new LinkedHashMap<>();
        System.getProperties()
                .stringPropertyNames()
                .forEach(name -> properties.put(name, System.getProperty(name, "")));
        if (prefix != null) {
            properties.put("sluice.node.prefix", prefix.toString());
        }
        if (verbose || veryVerbose) {
            properties.put("sluice.node.log-level", veryVerbose ? "debug" : "info");
        }
        properties.putAll(extra);
        ReadSettings read = SettingsReader.read(System.getenv(), properties, Optional.ofNullable(file));
        if (read instanceof ReadSettings.Refused refused) {
            List<Problem> problems = new ArrayList<>(refused.problems());
            problems.addAll(ConfigCheck.unknown(refused.plugins()));
            throw StartFailure.of(problems);
        }
        return (ReadSettings.Accepted) read;
    }

    /** The same options for another process. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (file != null) {
            arguments.addAll(List.of("-c", file.toString()));
        }
        if (verbose || veryVerbose) {
            arguments.add(veryVerbose ? "--vv" : "--v");
        }
        return arguments;
    }

    /** Only where a node would run, whatever else is set. */
    Path prefixOnly() throws StartFailure {
        NodeSettings settings = read().settings();
        return settings.prefix();
    }
}
