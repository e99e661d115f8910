package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kong's settings of a Redis server, under their old and their new names. They are checked as Kong checks them and not used:
 * the cluster counts by itself.
 */
final class RedisFields {

    private RedisFields() {}

    /** The given schema with these settings and the rules over them; it must have a {@code policy}. */
    static Schema with(Schema schema) {
        return schema.with(redis()).with(flat()).with(RedisFields::hostIsGiven).with(RedisFields::flatAgrees);
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
    private static Field[] flat() {
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

    private static void hostIsGiven(Map<String, @Nullable Object> config, Check.Errors errors) {
        boolean known = Checks.value(config, "redis.host") != null || config.get("redis_host") != null;
        if ("redis".equals(config.get("policy")) && !known) {
            errors.entity("failed conditional validation given value of field 'config.policy'");
            errors.field("redis.host", "required field missing");
        }
    }

    private static void flatAgrees(Map<String, @Nullable Object> config, Check.Errors errors) {
        Map<?, ?> defaults = (Map<?, ?>)
                Optional.ofNullable(redis().type().check(Map.of()).value()).orElseThrow();
        for (Field flat : flat()) {
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
}
