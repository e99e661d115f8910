package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much of what is made of objects are copies of them. What an object says once may go to ten thousand paths: large and many
 * together would take more memory than there is. Sizes are estimates, in bytes. Not thread-safe.
 */
public final class Copies {

    /** For all copies of one object together. */
    static final long MOST = 64L << 20;

    /** What each value takes besides its text. */
    private static final long VALUE = 300;

    private static final long MEGABYTE = 1 << 20;

    private final Map<ObjectRef, Long> taken = new HashMap<>();

    /**
     * Counts copies of an object.
     *
     * @param size of one of them
     * @return what is too much, together with those before; empty if nothing is
     */
    public Optional<String> excess(ObjectRef object, long size, long times) {
        long all = taken.merge(object, size * times, Long::sum);
        return all <= MOST
                ? Optional.empty()
                : Optional.of("would take about " + all / MEGABYTE
                        + " MB in all the places that it is for (expected: at most " + MOST / MEGABYTE + " MB)");
    }

    /** Of what annotations say about each thing that is made of the object. */
    public static long size(Metadata metadata) {
        long size = 0;
        for (Map.Entry<String, String> annotation : metadata.annotations().entrySet()) {
            String key = annotation.getKey();
            if (key.startsWith("konghq.com/") || key.startsWith("ingress.kubernetes.io/")) {
                long words =
                        1 + annotation.getValue().chars().filter(c -> c == ',').count();
                size += key.length() + annotation.getValue().length() + VALUE * words;
            }
        }
        return size;
    }

    /** Of a tree of plain values. */
    public static long size(@Nullable Object tree) {
        long size = VALUE;
        if (tree instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += String.valueOf(entry.getKey()).length() + size(entry.getValue());
            }
        } else if (tree instanceof Collection<?> list) {
            for (Object one : list) {
                size += size(one);
            }
        } else if (tree instanceof String text) {
            size += text.length();
        }
        return size;
    }
}
