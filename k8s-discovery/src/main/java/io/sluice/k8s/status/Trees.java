package io.sluice.k8s.status;

import io.sluice.k8s.api.PlainTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what may be anything out of trees. Pure. */
final class Trees {

    private Trees() {}

    /** The objects of a list below a name; empty if there is none. */
    static List<Map<String, @Nullable Object>> objects(Map<?, ?> tree, String name) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        if (tree.get(name) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map) {
                    objects.add(PlainTree.of(map));
                }
            }
        }
        return objects;
    }

    /** The object below a name; an empty one if there is none. */
    static Map<String, @Nullable Object> object(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof Map<?, ?> map ? PlainTree.of(map) : Map.of();
    }

    /** The text below a name; empty if there is none. */
    static String text(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof String text ? text : "";
    }
}
