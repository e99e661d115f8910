package io.sluice.k8s.api;

import io.sluice.state.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object out of a parsed tree. A field of the wrong type is a problem that names it, and reads as if it
 * was absent, so that all problems of an object are found at once.
 */
final class FieldReader {

    private final Map<?, ?> tree;
    private final String path;
    private final Report report;

    FieldReader(Map<?, ?> tree, String path, Report report) {
        this.tree = tree;
        this.path = path;
        this.report = report;
    }

    /** Where problems of an object go. */
    record Report(ObjectRef object, List<Problem> problems) {
        void add(String field, String reason) {
            problems.add(new Problem(object.toString(), field, reason));
        }
    }

    /** The path of a field, for example {@code spec.rules[0].host}. */
    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** This reader's own path. */
    String path() {
        return path;
    }

    boolean has(String name) {
        return tree.get(name) != null;
    }

    /** Empty if absent. */
    String text(String name) {
        Object value = tree.get(name);
        if (value instanceof String text) {
            return text;
        }
        if (value != null) {
            wrong(name, value, "a string");
        }
        return "";
    }

    /** Absent or empty is a problem. */
    String requiredText(String name) {
        String text = text(name);
        if (text.isEmpty() && !(tree.get(name) != null && !(tree.get(name) instanceof String))) {
            report.add(at(name), "is missing (expected: a string)");
        }
        return text;
    }

    boolean flag(String name, boolean otherwise) {
        Object value = tree.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            wrong(name, value, "true or false");
        }
        return otherwise;
    }

    /** A whole number from low to high; null if absent or wrong. */
    @Nullable
    Integer integer(String name, int low, int high) {
        Object value = tree.get(name);
        if (value instanceof Number number
                && number.doubleValue() == number.longValue()
                && number.longValue() >= low
                && number.longValue() <= high) {
            return number.intValue();
        }
        if (value != null) {
            wrong(name, value, "a whole number from " + low + " to " + high);
        }
        return null;
    }

    /** What is a number or a name, as text; empty if absent. */
    String numberOrText(String name) {
        Object value = tree.get(name);
        if (value instanceof Number number) {
            return String.valueOf(number.longValue());
        }
        return text(name);
    }

    /** A map of texts; empty if absent. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(name).forEach((key, value) -> {
            if (value instanceof String text) {
                texts.put(String.valueOf(key), text);
            } else if (value != null) {
                report.add(at(name) + "[" + key + "]", Quote.of(value) + " (expected: a string)");
            }
        });
        return texts;
    }

    /** A list of texts; empty if absent. */
    List<String> textList(String name) {
        List<String> texts = new ArrayList<>();
        List<?> list = list(name);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof String text) {
                texts.add(text);
            } else {
                report.add(at(name) + "[" + i + "]", Quote.of(list.get(i)) + " (expected: a string)");
            }
        }
        return texts;
    }

    /** A nested object; an empty one if absent. */
    FieldReader object(String name) {
        return new FieldReader(map(name), at(name), report);
    }

    /** A list of objects; empty if absent. */
    List<FieldReader> objects(String name) {
        List<FieldReader> objects = new ArrayList<>();
        List<?> list = list(name);
        for (int i = 0; i < list.size(); i++) {
            String place = at(name) + "[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> map) {
                objects.add(new FieldReader(map, place, report));
            } else {
                report.add(place, Quote.of(list.get(i)) + " (expected: an object)");
            }
        }
        return objects;
    }

    /** A free-form object, numbers widened; empty if absent. */
    Map<String, @Nullable Object> tree(String name) {
        return PlainTree.of(map(name));
    }

    void problem(String name, String reason) {
        report.add(at(name), reason);
    }

    private Map<?, ?> map(String name) {
        Object value = tree.get(name);
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value != null) {
            wrong(name, value, "an object");
        }
        return Map.of();
    }

    private List<?> list(String name) {
        Object value = tree.get(name);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value != null) {
            wrong(name, value, "a list");
        }
        return List.of();
    }

    private void wrong(String name, Object value, String expected) {
        report.add(at(name), Quote.of(value) + " (expected: " + expected + ")");
    }
}
