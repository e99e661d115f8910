package io.sluice.node.config.document;

import io.sluice.state.model.schema.PathForm;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings documents of format 1.1 and 2.1 to 3.0: there a route's path was a regular expression if it looked like one, now it
 * says so by a leading {@code ~}.
 */
final class FormatUpgrade {

    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9.\\-_~/%]*");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final String RESERVED = "!#$%&'()*+,/:;=?@[]";
    private static final String META = ".^-{}\\|";

    private FormatUpgrade() {}

    /** Changes the tree in place. */
    static void apply(Map<String, @Nullable Object> root) {
        routes(root.get("routes"));
        if (root.get("services") instanceof List<?> services) {
            for (Object service : services) {
                if (service instanceof Map<?, ?> map) {
                    routes(map.get("routes"));
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void routes(@Nullable Object routes) {
        if (!(routes instanceof List<?> list)) {
            return;
        }
        for (Object route : list) {
            if (route instanceof Map<?, ?> map && map.get("paths") instanceof List<?> paths) {
                ((List<@Nullable Object>) paths)
                        .replaceAll(path -> path instanceof String text ? upgraded(text) : path);
            }
        }
    }

    static String upgraded(String path) {
        return PLAIN.matcher(path).matches() ? PathForm.normalize(path) : "~" + decoded(path);
    }

    private static String decoded(String regex) {
        return ESCAPE.matcher(regex).replaceAll(match -> {
            char value = (char) Integer.parseInt(match.group(1), 16);
            if (RESERVED.indexOf(value) >= 0 || value > 127) {
                return Matcher.quoteReplacement(match.group().toUpperCase(Locale.ROOT));
            }
            return Matcher.quoteReplacement(META.indexOf(value) >= 0 ? "\\" + value : String.valueOf(value));
        });
    }
}
