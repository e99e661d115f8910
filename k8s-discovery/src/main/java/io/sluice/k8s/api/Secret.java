package io.sluice.k8s.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values that are not shown. {@code values} are decoded; they stay out of {@code toString}. */
public record Secret(Metadata metadata, Map<String, String> values) implements KubeObject {

    static Secret decode(Metadata metadata, FieldReader root) {
        Map<String, String> values = new LinkedHashMap<>();
        root.texts("data").forEach((key, text) -> {
            try {
                values.put(key, new String(Base64.getDecoder().decode(withoutSpace(text)), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                root.problem("data[" + key + "]", "cannot be decoded (expected: base64)");
            }
        });
        values.putAll(root.texts("stringData"));
        return new Secret(metadata, Map.copyOf(values));
    }

    /** Files may break the lines of long values. */
    private static String withoutSpace(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> out.append((char) c));
        return out.toString();
    }

    @Override
    public String toString() {
        return "Secret[" + ref() + "]";
    }
}
