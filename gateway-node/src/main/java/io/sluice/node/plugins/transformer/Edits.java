package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Octets;
import io.sluice.state.model.schema.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The changes to one part of a message (headers, query, body), in the order they are made: remove, rename, replace (what is
 * there), add (what is not), append. Immutable.
 */
final class Edits<N> {

    private final List<N> remove;
    private final List<Edit<N>> rename;
    private final List<Edit<N>> replace;
    private final List<Edit<N>> add;
    private final List<Edit<N>> append;
    private final @Nullable Rendered<N> constant;

    /**
     * One name and what becomes of it.
     *
     * @param value the new value; of a rename the new name
     */
    private record Edit<N>(N name, Template value, JsonType type) {}

    /** The changes with the values of one exchange. */
    record Rendered<N>(
            List<N> remove,
            List<Change<N>> rename,
            List<Change<N>> replace,
            List<Change<N>> add,
            List<Change<N>> append) {}

    /**
     * One name and what becomes of it in one exchange.
     *
     * @param value one char per byte
     */
    record Change<N>(N name, String value, JsonType type) {

        /** The value's bytes read as UTF-8. */
        String text() {
            return Octets.text(value);
        }
    }

    private Edits(List<N> remove, Function<String, List<Edit<N>>> kinds) {
        this.remove = remove;
        this.rename = kinds.apply("rename");
        this.replace = kinds.apply("replace");
        this.add = kinds.apply("add");
        this.append = kinds.apply("append");
        boolean fixed = Stream.of(rename, replace, add, append)
                .flatMap(List::stream)
                .allMatch(edit -> edit.value().isConstant());
        this.constant = fixed ? render(null) : null;
    }

    /**
     * The edits of a part, as the five settings records have them; an entry without a value does nothing, as in Kong.
     *
     * @param name makes a name of its text
     * @param value makes a template of a value's text
     */
    static <N> Edits<N> of(Settings settings, String part, Function<String, N> name, Function<String, Template> value) {
        List<N> remove = settings.record("remove").strings(part).stream()
                .map(entry -> name.apply(entry.split(":", 2)[0]))
                .toList();
        return new Edits<>(remove, kind -> edits(settings.record(kind), part, name, value));
    }

    boolean isEmpty() {
        return remove.isEmpty() && rename.isEmpty() && replace.isEmpty() && add.isEmpty() && append.isEmpty();
    }

    /** The changes for an exchange; always the same ones, without work, if nothing is a template. */
    Rendered<N> render(@Nullable TemplateInput input) {
        if (constant != null) {
            return constant;
        }
        return new Rendered<>(
                remove, render(rename, input), render(replace, input), render(add, input), render(append, input));
    }

    private static <N> List<Change<N>> render(List<Edit<N>> edits, @Nullable TemplateInput input) {
        List<Change<N>> changes = new ArrayList<>(edits.size());
        for (Edit<N> edit : edits) {
            changes.add(new Change<>(edit.name(), edit.value().render(input), edit.type()));
        }
        return changes;
    }

    private static <N> List<Edit<N>> edits(
            Settings kind, String part, Function<String, N> name, Function<String, Template> template) {
        List<String> types = kind.strings(part + "_types");
        List<String> entries = kind.strings(part);
        List<Edit<N>> edits = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            int colon = entry.indexOf(':');
            String value = entry.substring(colon).replaceFirst("^:+", "");
            if (!value.isEmpty()) {
                JsonType type = i < types.size() ? JsonType.of(types.get(i)) : JsonType.STRING;
                edits.add(new Edit<>(name.apply(entry.substring(0, colon)), template.apply(value), type));
            }
        }
        return List.copyOf(edits);
    }
}
