package io.sluice.node.plugins.cors;

import io.sluice.node.plugin.Header;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What browsers are told; lists are joined as headers have them, null for a header that is not sent.
 *
 * @param headers null repeats what the preflight asked for
 * @param passPreflight leaves preflight requests to the upstream
 */
record CorsSettings(
        AllowedOrigins origins,
        @Nullable String headers,
        @Nullable String exposedHeaders,
        String methods,
        @Nullable String maxAge,
        boolean credentials,
        boolean privateNetwork,
        boolean passPreflight) {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    static final Schema SCHEMA = Schema.of(
            Field.of(
                    "origins",
                    Type.array(Type.string(Rules.custom(
                            "regex",
                            value -> AllowedOrigins.wellFormed((String) value),
                            "'%s' is not a valid regex")))),
            Field.of("headers", Type.array(Type.string())),
            Field.of("exposed_headers", Type.array(Type.string())),
            Field.of("methods", Type.array(Type.string(Rules.oneOf(METHODS.toArray()))))
                    .defaultsTo(METHODS),
            Field.number("max_age"),
            Field.bool("credentials", false).mandatory(),
            Field.bool("private_network", false).mandatory(),
            Field.bool("preflight_continue", false).mandatory());

    static CorsSettings of(Settings settings) {
        return new CorsSettings(
                AllowedOrigins.of(settings.strings("origins")),
                joined(settings.strings("headers")),
                joined(settings.strings("exposed_headers")),
                String.join(",", settings.strings("methods")),
                settings.optionalNumber("max_age").map(CorsSettings::text).orElse(null),
                settings.bool("credentials"),
                settings.bool("private_network"),
                settings.bool("preflight_continue"));
    }

    private static @Nullable String joined(List<String> values) {
        return values.isEmpty() ? null : Header.encoded(String.join(",", values));
    }

    private static String text(Number number) {
        boolean whole = number.doubleValue() == number.longValue();
        return whole ? Long.toString(number.longValue()) : number.toString();
    }
}
