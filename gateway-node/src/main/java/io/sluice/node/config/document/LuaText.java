package io.sluice.node.config.document;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A tree of errors as Kong's messages show it, in the notation of Lua's tables. */
final class LuaText {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private LuaText() {}

    static String of(Map<String, ?> tree) {
        StringBuilder out = new StringBuilder();
        append(out, tree);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            map.forEach((key, one) -> {
                separate(out);
                String name = String.valueOf(key);
                out.append(IDENTIFIER.matcher(name).matches() ? name : "[" + quoted(name) + "]")
                        .append('=');
                append(out, one);
            });
            out.append('}');
        } else if (value instanceof List<?> list) {
            appendList(out, list);
        } else if (value instanceof String text) {
            out.append(quoted(text));
        } else {
            out.append(value);
        }
    }

    /** Up to the first hole by position, then by index. */
    private static void appendList(StringBuilder out, List<?> list) {
        out.append('{');
        boolean hole = false;
        for (int i = 0; i < list.size(); i++) {
            Object one = list.get(i);
            hole |= one == null;
            if (one != null) {
                separate(out);
                out.append(hole ? "[" + (i + 1) + "]=" : "");
                append(out, one);
            }
        }
        out.append('}');
    }

    private static void separate(StringBuilder out) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
