package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Quote;
import io.sluice.state.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One error of an entity.
 *
 * @param top the name of the field, {@code @entity} for the entity as a whole
 * @param path the whole way to what is wrong, for example {@code config.minute} or {@code paths[1]}
 */
public record Fault(String top, String path, String message) {

    /** All errors in a tree of them; those of single fields first. */
    public static List<Fault> all(@Nullable Object errors) {
        if (errors == null) {
            return List.of();
        }
        List<Fault> faults = new ArrayList<>();
        if (errors instanceof Map<?, ?> map) {
            map.forEach((field, error) -> {
                if (!field.equals(Schema.ENTITY)) {
                    collect(String.valueOf(field), String.valueOf(field), error, faults);
                }
            });
            if (map.get(Schema.ENTITY) instanceof List<?> whole) {
                whole.forEach(message -> faults.add(new Fault(Schema.ENTITY, "", String.valueOf(message))));
            }
        } else {
            faults.add(new Fault(Schema.ENTITY, "", String.valueOf(errors)));
        }
        return faults;
    }

    /** The first error's message; empty if there is none. */
    public static String first(@Nullable Object error) {
        if (error == null) {
            return "";
        }
        List<Fault> faults = new ArrayList<>();
        collect("", "", error, faults);
        return faults.isEmpty() ? "" : faults.get(0).message();
    }

    /**
     * The message, with what was there in front of it unless the message has it already.
     *
     * @param texts whether texts may be shown; numbers always are
     */
    public String told(Map<String, @Nullable Object> tree, boolean texts) {
        Object value = value(tree);
        boolean flat = value instanceof Number || value instanceof Boolean;
        boolean shown = flat || texts && value instanceof String text && !message.contains(text);
        return shown ? Quote.of(value) + " (" + message + ")" : message;
    }

    /** The message, unless it says what was there, which nobody may see: rules quote what they refuse, or end with it. */
    public String hidden(Map<String, @Nullable Object> tree) {
        boolean shows = value(tree) instanceof String text
                && (message.contains("'" + text + "'") || message.contains(": " + text) || message.endsWith(text));
        return shows ? "is not allowed here (the value is not shown)" : message;
    }

    private @Nullable Object value(Map<String, @Nullable Object> tree) {
        Object value = tree;
        for (String step :
                path.isEmpty() ? new String[0] : path.replace("[", ".[").split("\\.")) {
            value = below(value, step);
        }
        return value;
    }

    private static @Nullable Object below(@Nullable Object at, String step) {
        if (at instanceof List<?> list && step.startsWith("[")) {
            int index = Integer.parseInt(step.substring(1, step.length() - 1));
            return index < list.size() ? list.get(index) : null;
        }
        return at instanceof Map<?, ?> map ? map.get(step) : null;
    }

    private static void collect(String top, String path, @Nullable Object error, List<Fault> faults) {
        if (error instanceof Map<?, ?> map) {
            map.forEach((field, one) -> {
                if (field.equals(Schema.ENTITY) && one instanceof List<?> whole) {
                    whole.forEach(message -> faults.add(new Fault(top, path, String.valueOf(message))));
                } else {
                    collect(top, path + (path.isEmpty() ? "" : ".") + field, one, faults);
                }
            });
        } else if (error instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(top, path + "[" + i + "]", list.get(i), faults);
            }
        } else if (error != null) {
            faults.add(new Fault(top, path, String.valueOf(error)));
        }
    }
}
