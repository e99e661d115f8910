package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Type;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of response-ratelimiting and the rules over them, in Kong's words; what Kong does not have comes last. */
final class ResponseRateLimitingSchema {

    private ResponseRateLimitingSchema() {}

    static Schema schema() {
        return RedisFields.with(Schema.of(
                        Field.of("limits", limits()).mandatory(),
                        Field.string("header_name", Rules.headerName()).defaultsTo("x-kong-limit"),
                        Field.string("limit_by", Rules.oneOf("consumer", "credential", "ip"))
                                .defaultsTo("consumer"),
                        RuleSettings.policy(),
                        Field.bool("fault_tolerant", true).mandatory(),
                        Field.bool("block_on_first_violation", false).mandatory(),
                        Field.bool("hide_client_headers", false).mandatory()))
                .with(RuleSettings.dryRun());
    }

    /** Names become parts of header names. */
    private static Type limits() {
        return Type.map(
                Type.string(HeaderName.tokenRule()),
                Type.record(Schema.of(PeriodFields.all())),
                Rules.minimumLength(1),
                everyLimit("at_least_one_of", limit -> PeriodFields.none(limit, "")),
                everyLimit("periods_order", limit -> PeriodFields.outOfOrder(limit, "the limit")));
    }

    private interface Test {
        Optional<String> error(Map<String, @Nullable Object> limit);
    }

    @SuppressWarnings("unchecked") // the values have been checked by their schema
    private static Rule everyLimit(String name, Test test) {
        return new Rule(
                name,
                true,
                value -> ((Map<String, Object>) value)
                        .values().stream()
                                .map(limit -> test.error((Map<String, @Nullable Object>) Objects.requireNonNull(limit)))
                                .flatMap(Optional::stream)
                                .findFirst());
    }
}
