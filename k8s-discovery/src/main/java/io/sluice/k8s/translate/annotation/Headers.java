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
        String last = "";
        for (Map.Entry<String, String> one : new TreeMap<>(site.metadata().annotations()).entrySet()) {
            String name = one.getKey().startsWith(key()) ? one.getKey().substring(key().length()) : "";
            if (!name.isEmpty() && !one.getValue().isEmpty()) {
                List<String> values = values(one.getValue(), separator);
                if (site.takes(one.getKey(), "headers", Map.of(name, values))) {
                    headers.put(name, values);
                    last = one.getKey();
                }
            }
        }
        if (!headers.isEmpty()) {
            site.set(last, "headers", headers);
        }
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
