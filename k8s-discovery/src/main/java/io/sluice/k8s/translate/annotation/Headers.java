package io.sluice.k8s.translate.annotation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code konghq.com/headers.<Name>}: values that a request header must have one of. */
record Headers() implements Annotation {

    private static final String SEPARATOR = "konghq.com/headers-separator";

    @Override
    public String key() {
        return "konghq.com/headers.";
    }

    @Override
    public void apply(Site site) {
        if (site.metadata().annotations().keySet().stream().noneMatch(key -> key.startsWith(key()))) {
            return;
        }
        String separator = site.metadata().annotations().getOrDefault(SEPARATOR, ",");
        Map<String, Object> headers = new TreeMap<>();
        new TreeMap<>(site.metadata().annotations()).forEach((key, value) -> {
            String name = key.startsWith(key()) ? key.substring(key().length()) : "";
            if (!name.isEmpty() && !value.isEmpty()) {
                Map<String, Object> one = Map.of(name, values(value, separator));
                Map<String, Object> before = Map.copyOf(headers);
                headers.putAll(one);
                site.set(key, "headers", new TreeMap<>(headers));
                if (!headers.equals(site.draft().get("headers"))) {
                    headers.keySet().retainAll(before.keySet());
                }
            }
        });
    }

    private static List<String> values(String value, String separator) {
        if (separator.isEmpty()) {
            return List.of(value.strip());
        }
        return Pattern.compile(Pattern.quote(separator))
                .splitAsStream(value)
                .map(String::strip)
                .toList();
    }
}
