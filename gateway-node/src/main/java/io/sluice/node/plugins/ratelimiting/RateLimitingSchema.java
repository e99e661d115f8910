package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.limit.Period;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of rate-limiting and the rules over them, in Kong's words. */
final class RateLimitingSchema {

    private static final double SHORTEST_SYNC = 0.02;
    private static final Rule PATH =
            Rules.custom("starts_with", value -> ((String) value).startsWith("/"), "should start with: /");

    private RateLimitingSchema() {}

    static Schema schema() {
        Schema schema = Schema.of(Arrays.stream(Period.values())
                .map(period -> Field.number(period.word(), Rules.greaterThan(0)))
                .toArray(Field[]::new));
        return schema.with(
                        Field.string(
                                        "limit_by",
                                        Rules.oneOf("consumer", "credential", "ip", "service", "header", "path"))
                                .defaultsTo("consumer"),
                        Field.string("header_name", Rules.headerName()),
                        Field.string("path", PATH),
                        Field.string("policy", Rules.oneOf("local", "cluster", "redis"))
                                .defaultsTo("local"),
                        Field.bool("fault_tolerant", true).mandatory(),
                        redis(),
                        Field.bool("hide_client_headers", false).mandatory(),
                        Field.integer("error_code", Rules.greaterThan(0), Rules.between(200, 599))
                                .defaultsTo(429),
                        Field.string("error_message").defaultsTo("API rate limit exceeded"),
                        Field.number("sync_rate").defaultsTo(-1).mandatory())
                .with(flatRedis())
                .with(RateLimitingSchema::atLeastOnePeriod)
                .with(RateLimitingSchema::longerAllowsMore)
                .with(RateLimitingSchema::whatTheKindNeeds)
                .with(RateLimitingSchema::flatRedisAgrees)
                .with(RateLimitingSchema::syncRate);
    }

    private static Field redis() {
        return Field.record(
                "redis",
                Schema.of(
                        Field.string("host"),
                        Field.integer("port", Rules.between(0, 65_535)).defaultsTo(6379),
                        Field.integer("timeout", Rules.between(0, Integer.MAX_VALUE - 1))
                                .defaultsTo(2000),
                        Field.string("username").asReferenceable(),
                        Field.string("password", Rules.minimumLength(0))
                                .asReferenceable()
                                .asSecret(),
                        Field.integer("database").defaultsTo(0),
                        Field.bool("ssl", false),
                        Field.bool("ssl_verify", false),
                        Field.string("server_name")));
    }

    /** The names these settings had before they were gathered in {@code redis}. */
    private static Field[] flatRedis() {
        return new Field[] {
            Field.string("redis_host"),
            Field.integer("redis_port", Rules.between(0, 65_535)),
            Field.string("redis_password", Rules.minimumLength(0)).asSecret(),
            Field.string("redis_username"),
            Field.of("redis_ssl", Type.bool()),
            Field.of("redis_ssl_verify", Type.bool()),
            Field.string("redis_server_name"),
            Field.integer("redis_timeout", Rules.between(0, Integer.MAX_VALUE - 1)),
            Field.integer("redis_database"),
        };
    }

    private static void atLeastOnePeriod(Map<String, @Nullable Object> config, Check.Errors errors) {
        if (Arrays.stream(Period.values()).allMatch(period -> config.get(period.word()) == null)) {
            errors.entity("at least one of these fields must be non-empty: "
                    + Arrays.stream(Period.values())
                            .map(period -> "'config." + period.word() + "'")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static void longerAllowsMore(Map<String, @Nullable Object> config, Check.Errors errors) {
        List<Period> given = Arrays.stream(Period.values())
                .filter(period -> config.get(period.word()) != null)
                .toList();
        for (int i = 0; i < given.size(); i++) {
            double shorter = limit(config, given.get(i));
            for (int j = i + 1; j < given.size(); j++) {
                double longer = limit(config, given.get(j));
                if (longer < shorter) {
                    errors.entity(String.format(
                            Locale.ROOT,
                            "The limit for %s(%.1f) cannot be lower than the limit for %s(%.1f)",
                            given.get(j).word(),
                            longer,
                            given.get(i).word(),
                            shorter));
                    return;
                }
            }
        }
    }

    private static void whatTheKindNeeds(Map<String, @Nullable Object> config, Check.Errors errors) {
        if ("header".equals(config.get("limit_by")) && config.get("header_name") == null) {
            missing("limit_by", "header_name", errors);
        }
        if ("path".equals(config.get("limit_by")) && config.get("path") == null) {
            missing("limit_by", "path", errors);
        }
        boolean hostKnown = Checks.value(config, "redis.host") != null || config.get("redis_host") != null;
        if ("redis".equals(config.get("policy")) && !hostKnown) {
            missing("policy", "redis.host", errors);
        }
    }

    private static void missing(String decidedBy, String field, Check.Errors errors) {
        errors.entity("failed conditional validation given value of field 'config." + decidedBy + "'");
        errors.field(field, "required field missing");
    }

    private static void flatRedisAgrees(Map<String, @Nullable Object> config, Check.Errors errors) {
        Map<?, ?> defaults = (Map<?, ?>)
                Optional.ofNullable(redis().type().check(Map.of()).value()).orElseThrow();
        for (Field flat : flatRedis()) {
            String name = flat.name().substring("redis_".length());
            Object old = config.get(flat.name());
            Object current = Checks.value(config, "redis." + name);
            boolean given = current != null && !current.equals(defaults.get(name));
            if (old != null && given && !old.equals(current)) {
                String values = flat.secret()
                        ? flat.name() + " vs redis." + name
                        : flat.name() + " = " + old + " vs redis." + name + " = " + current;
                errors.entity("both deprecated and new field are used but their values mismatch: " + values);
            }
        }
    }

    private static void syncRate(Map<String, @Nullable Object> config, Check.Errors errors) {
        double rate = new Settings(config).number("sync_rate");
        if (rate == -1) {
            return;
        }
        if (!"redis".equals(config.get("policy"))) {
            errors.entity("sync_rate can only be used with the redis policy");
        } else if (rate < SHORTEST_SYNC) {
            errors.field(
                    "sync_rate", "value is " + config.get("sync_rate") + " (expected: -1, or at least 0.02 seconds)");
        }
    }

    private static double limit(Map<String, @Nullable Object> config, Period period) {
        return new Settings(config).number(period.word());
    }
}
