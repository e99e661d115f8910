package io.sluice.k8s.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees of plain values (Map, List, String, Long, Double, Boolean, null) out of whatever a parser made. Pure. */
public final class PlainTree {

    private PlainTree() {}

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
