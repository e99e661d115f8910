package io.sluice.state.model.kind;

import io.sluice.state.model.UpstreamOptions;
import io.sluice.state.model.UpstreamOptions.CircuitBreaker;
import io.sluice.state.model.UpstreamOptions.Hedging;
import io.sluice.state.model.UpstreamOptions.OutlierEjection;
import io.sluice.state.model.UpstreamOptions.RetryBudget;
import io.sluice.state.model.UpstreamOptions.StickyCookie;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an upstream that Kong does not have. Written out only where they are set, so that others look as in Kong. */
final class UpstreamOptionsSchema {

    private static final String COOKIE = "sticky_sessions_cookie";
    private static final String COOKIE_PATH = "sticky_sessions_cookie_path";
    private static final String FACTOR = "hash_balance_factor";
    private static final String SLOW_START = "slow_start";
    private static final String RETRY_BUDGET = "retry_budget";
    private static final String CIRCUIT_BREAKER = "circuit_breaker";
    private static final String OUTLIER_EJECTION = "outlier_ejection";
    private static final String HEDGING = "hedging";

    static final Check STICKY_NEEDS_COOKIE = Checks.requiredWhen(COOKIE, "algorithm", "sticky-sessions");

    static final Check BOUND_NEEDS_HASHING = Checks.conditional(
            FACTOR,
            factor -> ((Number) factor).longValue() != 0,
            "algorithm",
            "consistent-hashing"::equals,
            "expected one of: consistent-hashing");

    /** A session is with one target only. */
    static final Check HEDGING_NEEDS_A_CHOICE = Checks.conditional(
            HEDGING,
            set -> true,
            "algorithm",
            algorithm -> !"sticky-sessions".equals(algorithm),
            "value must not be sticky-sessions");

    private UpstreamOptionsSchema() {}

    static Field[] fields() {
        return new Field[] {
            Field.string(COOKIE, UpstreamSchema.cookieName()),
            Field.string(COOKIE_PATH, TextRules.path()).defaultsTo("/"),
            Field.integer(FACTOR, factor()).defaultsTo(0),
            Field.number(SLOW_START, Rules.between(0, 65_535)).defaultsTo(0),
            Field.of(RETRY_BUDGET, Type.record(retryBudget())),
            Field.of(CIRCUIT_BREAKER, Type.record(circuitBreaker())),
            Field.of(OUTLIER_EJECTION, Type.record(outlierEjection())),
            Field.of(HEDGING, Type.record(hedging()))
        };
    }

    private static Rule factor() {
        return Rules.custom(
                "balance_factor",
                value -> {
                    long factor = ((Number) value).longValue();
                    return factor == 0 || factor > 100 && factor <= 65_535;
                },
                "value should be 0 or between 101 and 65535");
    }

    private static Schema retryBudget() {
        return Schema.of(
                Field.number("percent", Rules.between(0, 100)).defaultsTo(20),
                Field.number("min_per_second", Rules.between(0, 65_535)).defaultsTo(10));
    }

    private static Schema circuitBreaker() {
        return Schema.of(
                Field.integer("failure_percent", Rules.between(1, 100)).defaultsTo(50),
                Field.integer("min_requests", Rules.between(1, 65_535)).defaultsTo(20),
                seconds("window", 10),
                seconds("open_time", 30),
                Field.integer("half_open_requests", Rules.between(1, 65_535)).defaultsTo(10));
    }

    private static Schema outlierEjection() {
        return Schema.of(
                Field.integer("consecutive_failures", Rules.between(1, 65_535)).defaultsTo(5),
                seconds("base_ejection_time", 30),
                Field.integer("max_ejection_percent", Rules.between(1, 100)).defaultsTo(50));
    }

    private static Schema hedging() {
        return Schema.of(
                Field.integer("delay_ms", Rules.between(1, 60_000)).defaultsTo(50),
                Field.number("percent", Rules.greaterThan(0), Rules.between(0, 100))
                        .defaultsTo(10));
    }

    private static Field seconds(String name, int preset) {
        return Field.number(name, Rules.greaterThan(0), Rules.between(0, 3_600)).defaultsTo(preset);
    }

    static UpstreamOptions decode(Settings tree) {
        Settings budget = tree.record(RETRY_BUDGET);
        Settings breaker = tree.record(CIRCUIT_BREAKER);
        Settings ejection = tree.record(OUTLIER_EJECTION);
        Settings hedging = tree.record(HEDGING);
        return new UpstreamOptions(
                Fields.integer(tree, FACTOR),
                tree.number(SLOW_START),
                tree.has(COOKIE) ? new StickyCookie(tree.string(COOKIE), tree.string(COOKIE_PATH)) : null,
                tree.has(RETRY_BUDGET)
                        ? new RetryBudget(budget.number("percent"), budget.number("min_per_second"))
                        : null,
                tree.has(CIRCUIT_BREAKER) ? circuitBreaker(breaker) : null,
                tree.has(OUTLIER_EJECTION) ? outlierEjection(ejection) : null,
                tree.has(HEDGING) ? new Hedging(Fields.integer(hedging, "delay_ms"), hedging.number("percent")) : null);
    }

    private static CircuitBreaker circuitBreaker(Settings tree) {
        return new CircuitBreaker(
                Fields.integer(tree, "failure_percent"),
                Fields.integer(tree, "min_requests"),
                tree.number("window"),
                tree.number("open_time"),
                Fields.integer(tree, "half_open_requests"));
    }

    private static OutlierEjection outlierEjection(Settings tree) {
        return new OutlierEjection(
                Fields.integer(tree, "consecutive_failures"),
                tree.number("base_ejection_time"),
                Fields.integer(tree, "max_ejection_percent"));
    }

    static void encode(UpstreamOptions options, Map<String, @Nullable Object> tree) {
        StickyCookie cookie = options.stickyCookie();
        if (cookie != null) {
            tree.put(COOKIE, cookie.name());
            tree.put(COOKIE_PATH, cookie.path());
        }
        if (options.hashBalanceFactor() != 0) {
            tree.put(FACTOR, (long) options.hashBalanceFactor());
        }
        if (options.slowStart() != 0) {
            tree.put(SLOW_START, number(options.slowStart()));
        }
        RetryBudget budget = options.retryBudget();
        if (budget != null) {
            tree.put(
                    RETRY_BUDGET,
                    Map.of("percent", number(budget.percent()), "min_per_second", number(budget.minPerSecond())));
        }
        CircuitBreaker breaker = options.circuitBreaker();
        if (breaker != null) {
            tree.put(
                    CIRCUIT_BREAKER,
                    Map.of(
                            "failure_percent", (long) breaker.failurePercent(),
                            "min_requests", (long) breaker.minRequests(),
                            "window", number(breaker.window()),
                            "open_time", number(breaker.openTime()),
                            "half_open_requests", (long) breaker.halfOpenRequests()));
        }
        OutlierEjection ejection = options.outlierEjection();
        if (ejection != null) {
            tree.put(
                    OUTLIER_EJECTION,
                    Map.of(
                            "consecutive_failures", (long) ejection.consecutiveFailures(),
                            "base_ejection_time", number(ejection.baseEjectionTime()),
                            "max_ejection_percent", (long) ejection.maxEjectionPercent()));
        }
        Hedging hedging = options.hedging();
        if (hedging != null) {
            tree.put(HEDGING, Map.of("delay_ms", (long) hedging.delayMillis(), "percent", number(hedging.percent())));
        }
    }

    /** Whole numbers without a fraction, as they were given. */
    private static Object number(double value) {
        return value == Math.rint(value) ? (Object) (long) value : (Object) value;
    }
}
