package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.limit.Period;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A limit for each period: the settings and what must hold among them, in Kong's words. */
final class PeriodFields {

    private PeriodFields() {}

    static Field[] all() {
        return Arrays.stream(Period.values())
                .map(period -> Field.number(period.word(), Rules.greaterThan(0)))
                .toArray(Field[]::new);
    }

    /** What is wrong if no period has a limit; the prefix comes before each name. */
    static Optional<String> none(Map<?, ?> limits, String prefix) {
        return Arrays.stream(Period.values()).anyMatch(period -> limits.get(period.word()) != null)
                ? Optional.empty()
                : Optional.of("at least one of these fields must be non-empty: "
                        + Arrays.stream(Period.values())
                                .map(period -> "'" + prefix + period.word() + "'")
                                .collect(Collectors.joining(", ")));
    }

    /** What is wrong if a longer period allows less than a shorter one, after this beginning. */
    static Optional<String> outOfOrder(Map<String, @Nullable Object> limits, String beginning) {
        Settings settings = new Settings(limits);
        List<Period> given = Arrays.stream(Period.values())
                .filter(period -> settings.has(period.word()))
                .toList();
        for (int i = 0; i < given.size(); i++) {
            double shorter = settings.number(given.get(i).word());
            for (int j = i + 1; j < given.size(); j++) {
                double longer = settings.number(given.get(j).word());
                if (longer < shorter) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "%s for %s(%.1f) cannot be lower than the limit for %s(%.1f)",
                            beginning,
                            given.get(j).word(),
                            longer,
                            given.get(i).word(),
                            shorter));
                }
            }
        }
        return Optional.empty();
    }
}
