package io.sluice.state.model.schema;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule over several fields of one object; runs only when each field it reads is well-formed. Pure. */
public interface Check {

    /** Reports what is wrong with the normalised object. */
    void run(Map<String, @Nullable Object> object, Errors errors);

    /** How Kong's schema JSON words it: a one-entry map such as {@code at_least_one_of -> [..]}; empty to leave it out. */
    default Map<String, Object> description() {
        return Map.of();
    }

    /** The names of the top-level fields it looks at; empty for all of them. */
    default Set<String> reads() {
        return Set.of();
    }

    /** Where a check puts what it found. */
    interface Errors {
        /** The object as a whole (Kong's {@code @entity}). */
        void entity(String message);

        /** One field, nested names joined by dots. */
        void field(String path, String message);
    }
}
