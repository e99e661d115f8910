package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Octets;
import io.sluice.node.plugins.transformer.Template.Value;
import java.util.ArrayList;
import java.util.List;

/** Reads one expression of a {@link Template}, from behind {@code $(} to its closing parenthesis. Not thread-safe. */
final class TemplateParser {

    private static final int DEEPEST = 32;

    private final String source;
    private int at;
    private int depth;

    TemplateParser(String source, int start) {
        this.source = source;
        this.at = start;
    }

    /** The expression, its closing parenthesis consumed. */
    Value expression() {
        Value value = alternatives();
        expect(')');
        return value;
    }

    /** The place behind the expression. */
    int end() {
        return at;
    }

    private Value alternatives() {
        List<Value> values = new ArrayList<>();
        values.add(primary());
        while (word("or")) {
            values.add(primary());
        }
        if (values.size() == 1) {
            return values.get(0);
        }
        List<Value> all = List.copyOf(values);
        return input -> {
            for (Value value : all) {
                String text = value.of(input);
                if (text != null) {
                    return text;
                }
            }
            return null;
        };
    }

    private Value primary() {
        skipSpace();
        char c = peek();
        if (c == '(') {
            at++;
            if (++depth > DEEPEST) {
                throw wrong("at most " + DEEPEST + " nested parentheses");
            }
            Value value = alternatives();
            expect(')');
            depth--;
            return value;
        }
        if (c == '"' || c == '\'') {
            String text = Octets.of(string());
            return input -> text;
        }
        return lookUp();
    }

    private Value lookUp() {
        String table = identifier();
        switch (table) {
            case "headers", "query_params", "uri_captures", "shared" -> {}
            default -> throw wrong("headers, query_params, uri_captures, shared or a string, not '" + table + "'");
        }
        String key = key();
        return switch (table) {
            case "headers" -> header(key);
            case "query_params" -> input -> input.queryParameter(key);
            case "uri_captures" -> input -> input.capture(key);
            default -> input -> null; // what plugins in Lua share; there are none
        };
    }

    /** As in Kong, underscores may stand for dashes. */
    private Value header(String key) {
        if (key.isEmpty() || !key.chars().allMatch(HeaderName::tokenChar)) {
            throw wrong("a header name, not '" + key + "'");
        }
        HeaderName name = HeaderName.of(key);
        HeaderName dashed = HeaderName.of(key.replace('_', '-'));
        return input -> {
            String value = input.header(name);
            return value == null && !dashed.equals(name) ? input.header(dashed) : value;
        };
    }

    private String key() {
        skipSpace();
        if (peek() == '.') {
            at++;
            return identifier();
        }
        expect('[');
        skipSpace();
        String key = peek() == '"' || peek() == '\'' ? string() : number();
        expect(']');
        return key;
    }

    private String identifier() {
        skipSpace();
        int start = at;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        if (at == start) {
            throw wrong("a name");
        }
        return source.substring(start, at);
    }

    private String number() {
        int start = at;
        while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("a string or a number");
        }
        return source.substring(start, at);
    }

    private String string() {
        char quote = source.charAt(at++);
        StringBuilder text = new StringBuilder();
        while (peek() != quote) {
            if (peek() == '\\') {
                at++;
            }
            text.append(peek());
            at++;
        }
        at++;
        return text.toString();
    }

    private boolean word(String word) {
        skipSpace();
        int end = at + word.length();
        boolean found = source.startsWith(word, at)
                && (end == source.length()
                        || !Character.isLetterOrDigit(source.charAt(end)) && source.charAt(end) != '_');
        at = found ? end : at;
        return found;
    }

    private void expect(char c) {
        skipSpace();
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
    }

    /** The next char; the end is an error, as every expression has a closing parenthesis. */
    private char peek() {
        if (at >= source.length()) {
            throw wrong("a closing parenthesis or quote");
        }
        return source.charAt(at);
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "template '" + source + "', position " + (at + 1) + " (expected: " + expected + ")");
    }
}
