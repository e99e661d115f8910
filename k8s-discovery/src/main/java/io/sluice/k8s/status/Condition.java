package io.sluice.k8s.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition in the status of an object, without the time of its last change.
 *
 * @param generation of the object that it is about
 */
record Condition(String type, boolean met, String reason, String message, long generation) {

    static final String PROGRAMMED = "Programmed";

    /** The reasons that Kong's controller gives. */
    static final String LIVE = "Programmed";

    static final String PENDING = "Pending";
    static final String INVALID = "Invalid";

    private static final String TYPE = "type";

    /**
     * The conditions that there are with this one among them, in its old place; its time is that of now if it becomes true or untrue
     * by it, else what it was.
     */
    List<Map<String, @Nullable Object>> into(List<Map<String, @Nullable Object>> present, Instant now) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        boolean placed = false;
        for (Map<String, @Nullable Object> one : present) {
            if (type.equals(one.get(TYPE))) {
                all.add(tree(word().equals(one.get("status")) ? one.get("lastTransitionTime") : null, now));
                placed = true;
            } else {
                all.add(one);
            }
        }
        if (!placed) {
            all.add(tree(null, now));
        }
        return all;
    }

    /** Whether it is there already, whenever it came. */
    boolean in(List<Map<String, @Nullable Object>> present) {
        return find(present, type).equals(this);
    }

    /** The condition of a type; one without reason if there is none. */
    static Condition find(List<Map<String, @Nullable Object>> present, String type) {
        for (Map<String, @Nullable Object> one : present) {
            if (type.equals(one.get(TYPE))) {
                return new Condition(
                        type,
                        "True".equals(one.get("status")),
                        text(one.get("reason")),
                        text(one.get("message")),
                        one.get("observedGeneration") instanceof Number number ? number.longValue() : 0);
            }
        }
        return new Condition(type, false, "", "", 0);
    }

    private Map<String, @Nullable Object> tree(@Nullable Object since, Instant now) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put(TYPE, type);
        tree.put("status", word());
        tree.put("observedGeneration", generation);
        tree.put("lastTransitionTime", since == null ? Times.seconds(now) : since);
        tree.put("reason", reason);
        tree.put("message", message);
        return tree;
    }

    private String word() {
        return met ? "True" : "False";
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    /** Times as Kubernetes writes them. */
    static final class Times {

        private Times() {}

        static String seconds(Instant time) {
            return time.truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }
}
