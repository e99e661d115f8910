package io.sluice.state.model.schema;

import java.util.Optional;
import java.util.function.Function;

/**
 * One constraint on a value of the right type.
 *
 * @param attribute the word for it in Kong's schema JSON, for example {@code between}
 * @param argument what stands behind that word: Boolean, Long, Double, String or List of these
 * @param test gives the error message, or empty if the value is fine; pure
 */
public record Rule(String attribute, Object argument, Function<Object, Optional<String>> test) {}
