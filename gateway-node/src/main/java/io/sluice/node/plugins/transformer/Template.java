package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text with expressions in {@code $(...)}. An expression is one or more values joined by {@code or}, of which the first that
 * is there counts: a string in quotes, or {@code headers}, {@code query_params}, {@code uri_captures} or {@code shared} with a
 * key behind a dot or in brackets; parentheses may group. That is the part of Kong's templates (which are Lua) that people
 * use. If no value is there the text is empty. Immutable.
 */
final class Template {

    /** One value of an expression. */
    interface Value {

        /** The value for this exchange; null if it is not there. */
        @Nullable
        String of(TemplateInput input);
    }

    private final List<Value> parts;
    private final @Nullable String constant;

    private Template(List<Value> parts, @Nullable String constant) {
        this.parts = parts;
        this.constant = constant;
    }

    /** Text that is taken as it is. */
    static Template constant(String text) {
        return new Template(List.of(), Octets.of(text));
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if an expression is outside the language; the message says what was expected
     */
    static Template parse(String source) {
        if (!source.contains("$(")) {
            return constant(source);
        }
        List<Value> parts = new ArrayList<>();
        int from = 0;
        for (int open = source.indexOf("$("); open >= 0; open = source.indexOf("$(", from)) {
            if (open > from) {
                String text = Octets.of(source.substring(from, open));
                parts.add(input -> text);
            }
            TemplateParser parser = new TemplateParser(source, open + 2);
            parts.add(parser.expression());
            from = parser.end();
        }
        if (from < source.length()) {
            String rest = Octets.of(source.substring(from));
            parts.add(input -> rest);
        }
        return new Template(List.copyOf(parts), null);
    }

    /** Whether it is the same text for every exchange. */
    boolean isConstant() {
        return constant != null;
    }

    /** The text for an exchange, one char per byte of its UTF-8; a constant needs none. */
    String render(@Nullable TemplateInput input) {
        if (constant != null) {
            return constant;
        }
        Objects.requireNonNull(input, "a template needs an exchange");
        StringBuilder text = new StringBuilder();
        for (Value part : parts) {
            String value = part.of(input);
            if (value != null) {
                text.append(value);
            }
        }
        return text.toString();
    }
}
