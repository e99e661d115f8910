package io.sluice.k8s.translate.annotation;

import io.sluice.k8s.translate.draft.Words;
import java.util.List;

/** {@code konghq.com/protocols}; gRPC together with HTTP is HTTP, and gRPC paths are never stripped. */
record Protocols() implements Annotation {

    @Override
    public String key() {
        return "konghq.com/protocols";
    }

    @Override
    public void apply(Site site) {
        List<String> words = Words.of(site.value(key()));
        boolean grpc = words.contains("grpc") || words.contains("grpcs");
        boolean http = words.contains("http") || words.contains("https");
        if (!words.isEmpty()) {
            site.set(key(), "protocols", grpc && http ? List.of("http", "https") : words);
        }
        if (grpc && words.equals(site.draft().get("protocols"))) {
            site.draft().remove("strip_path");
        }
    }
}
