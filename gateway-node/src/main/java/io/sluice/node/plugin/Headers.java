package io.sluice.node.plugin;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Field lines in order. Values are one char per byte (ISO 8859-1), without surrounding white space. */
public interface Headers {

    /** The first value of a name. */
    Optional<String> first(HeaderName name);

    /** All values of a name in order, one per field line. */
    List<String> all(HeaderName name);

    /** Whether the name occurs. */
    boolean contains(HeaderName name);

    /** Every field line in order, names as written. */
    void forEach(BiConsumer<String, String> visitor);
}
