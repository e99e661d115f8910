package io.sluice.node.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint answers.
 *
 * @param body a tree of Map, List, String, Number, Boolean and null, sent as JSON; a {@link Text}; or null for an empty body
 */
record Answer(int status, @Nullable Object body, Map<String, String> headers) {

    /** A body that is not JSON. */
    record Text(String mediaType, String content) {}

    static Answer ok(Object body) {
        return of(200, body);
    }

    static Answer of(int status, Object body) {
        return new Answer(status, body, Map.of());
    }

    static Answer empty(int status) {
        return new Answer(status, null, Map.of());
    }

    /** Kong's {@code {"message": ...}}. */
    static Answer message(int status, String message) {
        return of(status, Map.of("message", message));
    }

    static Answer notFound() {
        return message(404, "Not found");
    }

    /** Kong's error with a code, for example {@code 9, "invalid size"}. */
    static Answer error(int status, int code, String name, String message, Map<String, ?> fields) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", code);
        body.put("name", name);
        body.put("message", message);
        if (!fields.isEmpty()) {
            body.put("fields", fields);
        }
        return of(status, body);
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, body, Map.copyOf(more));
    }

    CompletionStage<Answer> now() {
        return CompletableFuture.completedFuture(this);
    }
}
