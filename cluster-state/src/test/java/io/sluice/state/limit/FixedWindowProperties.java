package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class FixedWindowProperties {

    /** Some time later, somebody asks for something. */
    record Step(long later, String key, int cost) {}

    @Property(tries = 2000)
    void agreesWithCountingEveryWindowInAMap(
            @ForAll("limits") Map<Period, Long> byPeriod, @ForAll("steps") List<Step> steps) {
        var limits = Limits.of(byPeriod);
        var limiter = new TimedLimiter(limits.periods(), new KeyBudget(1000));
        var model = new HashMap<String, Long>();
        var outcome = new Outcome(limits.periods().size());
        long now = Instant.parse("2027-12-31T23:59:58.700Z").toEpochMilli();

        for (var step : steps) {
            now += step.later();
            limiter.acquire(step.key(), limits, step.cost(), now, outcome);

            assertThat(outcome.admitted()).isEqualTo(admitInModel(model, byPeriod, step, now));
            for (int i = 0; i < limits.periods().size(); i++) {
                var window = window(step.key(), limits.periods().get(i), now);
                assertThat(outcome.used(i)).isEqualTo(model.getOrDefault(window, 0L));
            }
            limiter.sweep(now, 3);
        }
    }

    private static boolean admitInModel(Map<String, Long> model, Map<Period, Long> limits, Step step, long now) {
        for (var limit : limits.entrySet()) {
            long used = model.getOrDefault(window(step.key(), limit.getKey(), now), 0L);
            if (used + step.cost() > limit.getValue()) {
                return false;
            }
        }
        limits.keySet().forEach(period -> model.merge(window(step.key(), period, now), (long) step.cost(), Long::sum));
        return true;
    }

    private static String window(String key, Period period, long now) {
        return key + " " + period + " " + period.index(now);
    }

    @Provide
    Arbitrary<Map<Period, Long>> limits() {
        return Arbitraries.maps(
                        Arbitraries.of(Period.class), Arbitraries.longs().between(1, 30))
                .ofMinSize(1)
                .map(EnumMap::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var later = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.longs().between(0, 400)),
                Tuple.of(5, Arbitraries.longs().between(0, 70_000)),
                Tuple.of(2, Arbitraries.longs().between(0, 90_000_000)),
                Tuple.of(1, Arbitraries.longs().between(0, 5_000_000_000L)));
        var key = Arbitraries.of("a", "b", "c");
        var cost = Arbitraries.frequency(Tuple.of(9, 1), Tuple.of(1, 3));
        return Combinators.combine(later, key, cost).as(Step::new).list().ofMaxSize(120);
    }
}
