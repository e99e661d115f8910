package io.sluice.k8s.status;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.PresentStatus;
import io.sluice.k8s.api.WatchedKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object's status that are to be replaced.
 *
 * @param version the object must have for that, its {@code resourceVersion}
 */
record StatusPatch(WatchedKind kind, ObjectRef object, String version, Map<String, @Nullable Object> fields) {

    /** As a JSON merge patch. */
    Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("metadata", Map.of("resourceVersion", version));
        body.put("status", fields);
        return body;
    }

    /** What the status is when it has been done to one. */
    PresentStatus appliedTo(PresentStatus present, String newVersion) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>(present.status());
        status.putAll(fields);
        return new PresentStatus(newVersion, status);
    }
}
