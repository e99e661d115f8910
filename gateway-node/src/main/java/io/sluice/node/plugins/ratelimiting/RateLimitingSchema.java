package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of rate-limiting and the rules over them, in Kong's words; what Kong does not have comes last. */
final class RateLimitingSchema {

    private static final double SHORTEST_SYNC = 0.02;

    private RateLimitingSchema() {}

    static Schema schema() {
        Schema kong = RedisFields.with(IdentityFields.with(Schema.of(PeriodFields.all()))
                        .with(
                                RuleSettings.policy(),
                                Field.bool("fault_tolerant", true).mandatory(),
                                Field.bool("hide_client_headers", false).mandatory(),
                                RuleSettings.errorCode(),
                                Field.string("error_message").defaultsTo("API rate limit exceeded"),
                                Field.number("sync_rate").defaultsTo(-1).mandatory()))
                .with(RateLimitingSchema::periods)
                .with(RateLimitingSchema::syncRate);
        return kong.with(
                Field.string("window_type", Rules.oneOf("fixed", "sliding", "bucket"))
                        .defaultsTo("fixed"),
                Field.string("mode", Rules.oneOf("strict", "available")).defaultsTo("strict"),
                RuleSettings.peerPolicy(),
                RuleSettings.park(),
                Cost.field(),
                RuleSettings.dryRun());
    }

    private static void periods(Map<String, @Nullable Object> config, Check.Errors errors) {
        PeriodFields.none(config, "config.")
                .or(() -> PeriodFields.outOfOrder(config, "The limit"))
                .ifPresent(errors::entity);
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
}
