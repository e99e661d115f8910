package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.Quote;
import io.sluice.state.model.schema.TextRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tags by which an entity says which object it comes from, as Kong's controller writes them. */
public final class Tags {

    private static final String KEY = "konghq.com/tags";

    private Tags() {}

    /** The object's name, namespace, kind, uid, group and version as far as it has them, then what its author wants. */
    public static List<String> of(Metadata metadata, Findings findings) {
        List<String> tags = new ArrayList<>();
        add(tags, "k8s-name:", metadata.name());
        add(tags, "k8s-namespace:", metadata.namespace());
        add(tags, "k8s-kind:", metadata.kind());
        add(tags, "k8s-uid:", metadata.uid());
        add(tags, "k8s-group:", metadata.group());
        add(tags, "k8s-version:", metadata.version());
        Set<String> known = new HashSet<>(tags);
        for (String tag : Words.of(metadata.annotation(KEY))) {
            if (TextRules.tag().test().apply(tag).isPresent()) {
                String reason = Quote.of(tag) + " (expected: printable characters without comma and slash)";
                findings.partly(metadata.ref(), "metadata.annotations[" + KEY + "]", reason);
            } else if (known.add(tag)) {
                tags.add(tag);
            }
        }
        return tags;
    }

    /** For a service that does not exist. */
    public static List<String> ofNobody() {
        return List.of(
                "k8s-name:UNKNOWN",
                "k8s-namespace:UNKNOWN",
                "k8s-kind:Service",
                "k8s-uid:00000000-0000-0000-0000-000000000000",
                "k8s-group:core",
                "k8s-version:v1");
    }

    private static void add(List<String> tags, String prefix, String value) {
        if (!value.isEmpty()) {
            tags.add(prefix + value);
        }
    }
}
