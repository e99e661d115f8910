package io.sluice.node.plugins.keyauth;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;

/**
 * Where keys are looked for and what is done with them.
 *
 * @param names header, argument and field names in the order they are tried
 * @param hide removes the key before the request goes upstream
 * @param challenge the WWW-Authenticate header of refusals
 */
record KeyAuthSettings(
        List<HeaderName> names,
        boolean inHeader,
        boolean inQuery,
        boolean inBody,
        boolean hide,
        boolean onPreflight,
        String challenge) {

    static final Schema SCHEMA = Schema.of(
            Field.of("key_names", Type.array(Type.string(Rules.headerName())))
                    .defaultsTo(List.of("apikey"))
                    .mandatory(),
            Field.bool("hide_credentials", false).mandatory(),
            AnonymousAccess.FIELD,
            Field.bool("key_in_header", true).mandatory(),
            Field.bool("key_in_query", true).mandatory(),
            Field.bool("key_in_body", false).mandatory(),
            Field.bool("run_on_preflight", true).mandatory(),
            Field.string("realm"));

    static KeyAuthSettings of(Settings settings) {
        return new KeyAuthSettings(
                settings.strings("key_names").stream().map(HeaderName::of).toList(),
                settings.bool("key_in_header"),
                settings.bool("key_in_query"),
                settings.bool("key_in_body"),
                settings.bool("hide_credentials"),
                settings.bool("run_on_preflight"),
                settings.optionalString("realm")
                        .map(realm -> "Key realm=\"" + realm + "\"")
                        .orElse("Key"));
    }
}
