package io.sluice.node.plugins.requesttermination;

import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response.
 *
 * @param message of the JSON body or the echo; null for none
 * @param body exact body in the place of a message; null for none
 * @param contentType of the exact body; empty for none
 */
record TerminationSettings(
        int status, @Nullable String message, @Nullable String body, String contentType, boolean echo) {

    private static final Map<Integer, String> MESSAGES = Map.of(
            401, "Unauthorized",
            404, "Not found",
            405, "Method not allowed",
            500, "An unexpected error occurred",
            502, "Bad Gateway",
            503, "Service unavailable");

    static final Schema SCHEMA = Schema.of(
                    Field.integer("status_code", Rules.between(100, 599))
                            .defaultsTo(503)
                            .mandatory(),
                    Field.string("message"),
                    Field.string("content_type"),
                    Field.string("body"),
                    Field.bool("echo", false).mandatory(),
                    Field.string("trigger", Rules.headerName()))
            .with(TerminationSettings::checkBody)
            .with(TerminationSettings::checkStatus);

    static TerminationSettings of(Settings settings) {
        int status = (int) settings.integer("status_code");
        return new TerminationSettings(
                status,
                settings.optionalString("message").orElse(MESSAGES.get(status)),
                settings.optionalString("body").orElse(null),
                settings.optionalString("content_type").orElse(""),
                settings.bool("echo"));
    }

    private static void checkBody(Map<String, @Nullable Object> config, Check.Errors errors) {
        boolean typed = config.get("content_type") != null;
        boolean exact = config.get("body") != null;
        if (config.get("message") != null && (typed || exact)) {
            errors.entity("message cannot be used with content_type or body");
        } else if (typed && !exact) {
            errors.entity("content_type requires a body");
        } else if (exact && Boolean.TRUE.equals(config.get("echo"))) {
            errors.entity("echo cannot be used with content_type and body");
        }
    }

    /** Kong takes these too, but a response of them never ends. */
    private static void checkStatus(Map<String, @Nullable Object> config, Check.Errors errors) {
        if (config.get("status_code") instanceof Number status && status.intValue() < 200) {
            errors.field("status_code", "value should be between 200 and 599, as 1xx is no final response");
        }
    }
}
