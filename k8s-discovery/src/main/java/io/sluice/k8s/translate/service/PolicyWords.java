package io.sluice.k8s.translate.service;

import io.sluice.k8s.api.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A KongUpstreamPolicy's spec in the words of upstreams.
 *
 * @param settings the upstream's fields
 * @param unknown what an upstream has no word for, by field
 */
record PolicyWords(Map<String, @Nullable Object> settings, Map<String, String> unknown) {

    private static final String HEADERS = "headers";

    static PolicyWords of(Map<String, @Nullable Object> spec) {
        PolicyWords words = new PolicyWords(new LinkedHashMap<>(), new LinkedHashMap<>());
        spec.forEach((field, value) -> {
            switch (field) {
                case "algorithm", "slots" -> words.settings.put(field, value);
                case "hashOn" -> words.hash(field, value, "hash_on");
                case "hashOnFallback" -> words.hash(field, value, "hash_fallback");
                case "healthchecks" -> words.settings.put("healthchecks", snake(value));
                case "stickySessions" -> words.sticky(field, value);
                default ->
                    words.unknown.put(
                            field,
                            "is unknown (expected: algorithm, slots, hashOn, hashOnFallback, stickySessions or "
                                    + "healthchecks)");
            }
        });
        return words;
    }

    private void sticky(String field, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> sticky)) {
            unknown.put(field, Quote.of(value) + " (expected: an object)");
            return;
        }
        sticky.forEach((key, one) -> {
            switch (String.valueOf(key)) {
                case "cookie" -> settings.put("sticky_sessions_cookie", one);
                case "cookiePath" -> settings.put("sticky_sessions_cookie_path", one);
                default -> unknown.put(field + "." + key, "is unknown (expected: cookie or cookiePath)");
            }
        });
    }

    private void hash(String field, @Nullable Object value, String name) {
        if (!(value instanceof Map<?, ?> hash)) {
            unknown.put(field, Quote.of(value) + " (expected: an object)");
            return;
        }
        List<String> sources = new ArrayList<>();
        hash.forEach((key, one) -> {
            switch (String.valueOf(key)) {
                case "input" -> source(sources, name, String.valueOf(one), null, null);
                case "header" -> source(sources, name, "header", name + "_header", one);
                case "cookie" -> source(sources, name, "cookie", "hash_on_cookie", one);
                case "cookiePath" -> settings.put("hash_on_cookie_path", one);
                case "queryArg" -> source(sources, name, "query_arg", name + "_query_arg", one);
                case "uriCapture" -> source(sources, name, "uri_capture", name + "_uri_capture", one);
                default ->
                    unknown.put(
                            field + "." + key,
                            "is unknown (expected: input, header, cookie, cookiePath, queryArg or uriCapture)");
            }
        });
        if (sources.size() > 1) {
            unknown.put(field, String.join(" and ", sources) + " (expected: one of them)");
        }
    }

    private void source(
            List<String> sources, String name, String word, @Nullable String argument, @Nullable Object value) {
        sources.add(word);
        settings.put(name, word);
        if (argument != null) {
            settings.put(argument, value);
        }
    }

    /** The names in a tree, {@code httpPath} as {@code http_path}; the names of headers stay. */
    private static @Nullable Object snake(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        map.forEach((key, one) -> {
            String name = snake(String.valueOf(key));
            words.put(name, name.equals(HEADERS) ? one : snake(one));
        });
        return words;
    }

    private static String snake(String name) {
        StringBuilder out = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                out.append('_');
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }

    /** The way back, for telling where in the policy an upstream's field comes from. */
    static String camel(String path) {
        if (path.startsWith("sticky_sessions_")) {
            return "stickySessions." + camel(path.substring("sticky_sessions_".length()));
        }
        StringBuilder out = new StringBuilder(path.length());
        boolean up = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                out.append(up ? String.valueOf(c).toUpperCase(Locale.ROOT) : String.valueOf(c));
                up = false;
            }
        }
        return out.toString();
    }
}
