package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.PlainTree;
import io.sluice.k8s.api.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adding a value at a JSON pointer (RFC 6901, 6902); what is missing on the way is made. Pure. */
final class JsonPatch {

    private static final int MOST_ELEMENTS = 10_000;

    private JsonPatch() {}

    /**
     * Adds a value to a tree.
     *
     * @param pointer empty to replace the whole tree
     * @return what is wrong; empty if it was done
     */
    static String add(Map<String, @Nullable Object> tree, String pointer, Object value) {
        if (pointer.isEmpty()) {
            if (!(value instanceof Map<?, ?> whole)) {
                return "the secret's value is no object (expected: one, as path is empty)";
            }
            tree.clear();
            tree.putAll(PlainTree.of(whole));
            return "";
        }
        String[] steps = pointer.substring(1).split("/", -1);
        Object at = tree;
        for (int i = 0; i < steps.length; i++) {
            String step = steps[i].replace("~1", "/").replace("~0", "~");
            boolean last = i == steps.length - 1;
            Object next =
                    last ? PlainTree.value(value) : isIndex(steps[i + 1]) ? new ArrayList<>() : new LinkedHashMap<>();
            Object below = step(at, step, next, last);
            if (below == null) {
                return Quote.of(pointer) + " does not fit: " + Quote.of(step)
                        + " leads nowhere (expected: a place in config)";
            }
            at = below;
        }
        return "";
    }

    /** Puts the next value there if it is the last or nothing is there; what is there then, null if nothing can be. */
    @SuppressWarnings("unchecked")
    private static @Nullable Object step(Object at, String step, @Nullable Object next, boolean last) {
        if (at instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) map;
            if (last || object.get(step) == null) {
                object.put(step, next);
                return next == null ? object : next;
            }
            return object.get(step);
        }
        if (!(at instanceof List<?>) || !isIndex(step)) {
            return null;
        }
        List<@Nullable Object> list = (List<@Nullable Object>) at;
        int index = step.equals("-") ? list.size() : Integer.parseInt(step);
        if (index > list.size() || index > MOST_ELEMENTS) {
            return null;
        }
        if (last || index == list.size()) {
            list.add(index, next);
            return next == null ? list : next;
        }
        return list.get(index);
    }

    private static boolean isIndex(String step) {
        return step.equals("-")
                || !step.isEmpty() && step.length() < 6 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
