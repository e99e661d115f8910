package io.sluice.k8s.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees of plain values (Map, List, String, Long, Double, Boolean, null) out of whatever a parser made. Pure. */
public final class PlainTree {

    /** Levels of any tree that is worked with; whoever walks one may recurse. */
    public static final int LEVELS = 50;

    private PlainTree() {}

    /** Whether it has more levels than {@link #LEVELS}. */
    public static boolean isTooDeep(@Nullable Object tree) {
        return isDeeper(tree, LEVELS);
    }

    private static boolean isDeeper(@Nullable Object tree, int levels) {
        Collection<?> below =
                tree instanceof Map<?, ?> map ? map.values() : tree instanceof Collection<?> list ? list : List.of();
        for (Object one : below) {
            if (levels == 1 && (one instanceof Map || one instanceof Collection) || isDeeper(one, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    /** A copy that may be changed. */
    public static Map<String, @Nullable Object> of(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value(value)));
        return copy;
    }

    /** A value as the gateway's schemas know it. */
    public static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return of(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(value(element)));
            return copy;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        boolean wide = value instanceof BigInteger || value instanceof BigDecimal || value instanceof Float;
        return wide && value instanceof Number number ? (Object) number.doubleValue() : value;
    }
}
