package io.sluice.node.observe;

import java.nio.charset.StandardCharsets;

/** Prometheus' text format 0.0.4, written family by family. Not thread-safe. */
final class MetricsText {

    private final StringBuilder text = new StringBuilder(1 << 14);

    /** Begins a family; its samples follow. */
    MetricsText family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** One sample; labels as {@link #labels} gives them, empty for none. */
    MetricsText sample(String name, String labels, double value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
        return this;
    }

    MetricsText sample(String name, String labels, long value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
        return this;
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Pairs of name and value as they stand between the braces. */
    static String labels(String... pairs) {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"");
            escape(labels, pairs[i + 1]);
            labels.append('"');
        }
        return labels.toString();
    }

    private static void escape(StringBuilder to, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }
}
