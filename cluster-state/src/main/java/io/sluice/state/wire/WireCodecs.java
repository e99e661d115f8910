package io.sluice.state.wire;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All codecs that a node has; every node of a version has the same. Immutable. */
public final class WireCodecs {

    private final Map<Class<?>, WireCodec<?>> byType = new HashMap<>();
    private final Map<String, WireCodec<?>> byCode = new HashMap<>();

    private WireCodecs() {}

    /**
     * Those of all packages together.
     *
     * @throws IllegalArgumentException if a type or a code is there twice
     */
    @SafeVarargs
    public static WireCodecs of(Collection<? extends WireCodec<?>>... packages) {
        WireCodecs codecs = new WireCodecs();
        for (Collection<? extends WireCodec<?>> one : packages) {
            one.forEach(codecs::add);
        }
        return codecs;
    }

    private void add(WireCodec<?> codec) {
        if (byType.put(codec.type(), codec) != null || byCode.put(codec.code(), codec) != null) {
            throw new IllegalArgumentException(codec.code() + ": there is another codec for it or for its type");
        }
    }

    /** All of them, in no order. */
    public Collection<WireCodec<?>> all() {
        return byCode.values();
    }

    WireCodec<?> codecFor(Object message) {
        WireCodec<?> codec = byType.get(message.getClass());
        if (codec == null) {
            throw new IllegalArgumentException(message.getClass().getName() + " has no codec");
        }
        return codec;
    }

    @Nullable
    WireCodec<?> byCode(String code) {
        return byCode.get(code);
    }
}
