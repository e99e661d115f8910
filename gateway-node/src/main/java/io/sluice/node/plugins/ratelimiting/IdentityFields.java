package io.sluice.node.plugins.ratelimiting;

import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings that say whom a request is counted for, and what must hold among them. */
final class IdentityFields {

    private static final Rule PATH =
            Rules.custom("starts_with", value -> ((String) value).startsWith("/"), "should start with: /");

    private IdentityFields() {}

    /** The given schema with these settings and the rules over them. */
    static Schema with(Schema schema) {
        return schema.with(
                        Field.string(
                                        "limit_by",
                                        Rules.oneOf("consumer", "credential", "ip", "service", "header", "path"))
                                .defaultsTo("consumer"),
                        Field.string("header_name", Rules.headerName()),
                        Field.string("path", PATH))
                .with(IdentityFields::whatTheKindNeeds);
    }

    private static void whatTheKindNeeds(Map<String, @Nullable Object> config, Check.Errors errors) {
        if ("header".equals(config.get("limit_by")) && config.get("header_name") == null) {
            missing("header_name", errors);
        }
        if ("path".equals(config.get("limit_by")) && config.get("path") == null) {
            missing("path", errors);
        }
    }

    private static void missing(String field, Check.Errors errors) {
        errors.entity("failed conditional validation given value of field 'config.limit_by'");
        errors.field(field, "required field missing");
    }
}
