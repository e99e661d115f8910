package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much a request counts: a fixed number, or what a request header says. A header that is no whole number from 1 to
 * {@value #HIGHEST} does not count, the fixed number does. Immutable.
 */
final class Cost {

    /** More would use up most limits at once. */
    static final long HIGHEST = 1_000_000;

    private static final int MOST_DIGITS = 7;

    private final long fixed;
    private final @Nullable HeaderName header;

    private Cost(long fixed, @Nullable HeaderName header) {
        this.fixed = fixed;
        this.header = header;
    }

    static Field field() {
        return Field.record(
                "cost",
                Schema.of(
                        Field.integer("fixed", Rules.between(1, HIGHEST)).defaultsTo(1),
                        Field.string("header", Rules.headerName())));
    }

    static Cost of(Settings settings) {
        return new Cost(
                settings.integer("fixed"),
                settings.optionalString("header").map(HeaderName::of).orElse(null));
    }

    long of(Exchange exchange) {
        if (header == null) {
            return fixed;
        }
        Optional<String> value = exchange.request().headers().first(header);
        return value.isPresent() ? parsed(value.get()) : fixed;
    }

    private long parsed(String value) {
        if (value.isEmpty() || value.length() > MOST_DIGITS) {
            return fixed;
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return fixed;
            }
            number = number * 10 + digit;
        }
        return number >= 1 && number <= HIGHEST ? number : fixed;
    }
}
