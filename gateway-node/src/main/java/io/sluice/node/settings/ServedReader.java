package io.sluice.node.settings;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads what a node serves: where entities are kept and which plugins there are. */
final class ServedReader {

    private ServedReader() {}

    static void checkDatabase(Values values) {
        String database = values.text("database");
        switch (database) {
            case "off" -> {}
            case "cluster" ->
                values.refuse("database", "cluster (expected: off; entities kept by the cluster are not there yet)");
            case "postgres", "cassandra" ->
                values.refuse(
                        "database",
                        database + " (expected: off; there is no database server here: give the entities by"
                                + " declarative_config or POST /config)");
            default -> values.refuse("database", database + " (expected: off)");
        }
    }

    /** Names of plugins; empty for {@code off}. */
    static List<String> plugins(Values values) {
        List<String> names = values.list("plugins");
        return names.equals(List.of("off")) ? List.of() : names;
    }

    static Optional<UUID> uuid(Values values, String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            values.refuse("node_id", text + " (expected: a UUID)");
            return Optional.empty();
        }
    }

    /** Scheme, host and port of a URL. */
    static String origin(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getScheme() != null && uri.getRawAuthority() != null) {
                return uri.getScheme() + "://" + uri.getRawAuthority();
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException("a URL such as https://manager.example:8445");
    }
}
