package io.sluice.node.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Form fields to a tree: {@code config.minute=5}, {@code hosts[]=a}, {@code hosts[1]=a}, {@code headers.x[1]=y}, a repeated
 * name. All leaves stay strings; {@link FormTypes} makes them what the schema wants.
 */
final class FormReader {

    /** Lists are built up to this position; nobody writes more by hand. */
    private static final int MOST_ELEMENTS = 10_000;

    private static final Pattern INDEX = Pattern.compile("\\[(\\d{0,5})]$");

    private FormReader() {}

    /**
     * The fields of a form, decoded, in order.
     *
     * @throws IllegalArgumentException on a broken percent escape
     */
    static List<Map.Entry<String, String>> fields(String form) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String field : form.split("&")) {
            if (!field.isEmpty()) {
                int equals = field.indexOf('=');
                String name = equals < 0 ? field : field.substring(0, equals);
                String value = equals < 0 ? "" : field.substring(equals + 1);
                fields.add(Map.entry(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8)));
            }
        }
        return fields;
    }

    static Map<String, @Nullable Object> tree(List<Map.Entry<String, String>> fields) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        fields.forEach(field -> put(tree, field.getKey(), field.getValue()));
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> tree, String name, String value) {
        String[] parts = name.split("\\.");
        Map<String, @Nullable Object> at = tree;
        for (int i = 0; i < parts.length - 1; i++) {
            if (!(at.get(parts[i]) instanceof Map<?, ?>)) {
                at.put(parts[i], new LinkedHashMap<String, @Nullable Object>());
            }
            at = (Map<String, @Nullable Object>) at.get(parts[i]);
            if (at == null) {
                return;
            }
        }
        String last = parts.length == 0 ? name : parts[parts.length - 1];
        var index = INDEX.matcher(last);
        if (index.find()) {
            String list = last.substring(0, index.start());
            int position = index.group(1).isEmpty() ? 0 : Integer.parseInt(index.group(1));
            addTo(at, list, position, value);
        } else if (at.containsKey(last)) {
            addTo(at, last, 0, value);
        } else {
            at.put(last, value);
        }
    }

    /** Puts the value at a position counted from 1, or at the end for 0. */
    private static void addTo(Map<String, @Nullable Object> at, String name, int position, String value) {
        Object present = at.get(name);
        List<@Nullable Object> list = new ArrayList<>();
        if (present instanceof List<?> given) {
            list.addAll(given);
        } else if (present != null) {
            list.add(present);
        }
        if (position == 0 || position > MOST_ELEMENTS) {
            list.add(value);
        } else {
            while (list.size() < position) {
                list.add(null);
            }
            list.set(position - 1, value);
        }
        at.put(name, list);
    }
}
