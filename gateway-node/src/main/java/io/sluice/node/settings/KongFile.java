package io.sluice.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the file of {@code -c}: kong.conf's {@code key = value} lines, or HOCON if it begins with {@code sluice}. */
final class KongFile {

    private KongFile() {}

    /** The file's values by key ({@code proxy_listen}); what is wrong with it is added to the problems. */
    static Map<String, Given> read(Path file, List<Problem> problems) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            problems.add(new Problem(file.toString(), "", "cannot be read (expected: a readable text file)"));
            return Map.of();
        }
        boolean hocon = lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("//"))
                .findFirst()
                .filter(line -> line.startsWith("sluice") || line.startsWith("include") || line.startsWith("{"))
                .isPresent();
        return hocon ? hocon(file, problems) : lines(file, lines, problems);
    }

    private static Map<String, Given> lines(Path file, List<String> lines, List<Problem> problems) {
        Map<String, Given> found = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = withoutComment(lines.get(i)).strip();
            int equals = line.indexOf('=');
            if (equals > 0) {
                String key = line.substring(0, equals).strip();
                found.put(key, new Given(unquoted(line.substring(equals + 1).strip()), key));
            } else if (!line.isEmpty()) {
                problems.add(new Problem(file + ":" + (i + 1), "", line + " (expected: key = value)"));
            }
        }
        return found;
    }

    /** A {@code #} begins a comment unless a backslash is before it. */
    private static String withoutComment(String line) {
        int at = line.indexOf('#');
        while (at > 0 && line.charAt(at - 1) == '\\') {
            at = line.indexOf('#', at + 1);
        }
        return (at < 0 ? line : line.substring(0, at)).replace("\\#", "#");
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("'") && value.endsWith("'") || value.startsWith("\"") && value.endsWith("\""));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static Map<String, Given> hocon(Path file, List<Problem> problems) {
        try {
            return values(ConfigFactory.parseFile(file.toFile()).resolve());
        } catch (ConfigException e) {
            problems.add(new Problem(file.toString(), "", e.getMessage() + " (expected: HOCON)"));
            return Map.of();
        }
    }

    /** The keys below {@code sluice.node}, in Kong's spelling. */
    static Map<String, Given> values(Config config) {
        Map<String, Given> found = new LinkedHashMap<>();
        if (config.hasPath("sluice.node")) {
            ConfigObject node = config.getObject("sluice.node");
            node.forEach(
                    (key, value) -> found.put(key.replace('-', '_'), new Given(text(value), "sluice.node." + key)));
        }
        return found;
    }

    private static String text(ConfigValue value) {
        return value instanceof ConfigList list
                ? list.stream().map(KongFile::text).collect(Collectors.joining(", "))
                : String.valueOf(value.unwrapped());
    }
}
