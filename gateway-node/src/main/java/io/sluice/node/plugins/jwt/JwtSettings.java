package io.sluice.node.plugins.jwt;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens are looked for and what is asked of them.
 *
 * @param keyClaim the claim that names the credential
 * @param claims which of exp and nbf are verified
 * @param maximumExpiration seconds that exp may lie ahead; 0 for any
 */
record JwtSettings(
        List<String> arguments,
        List<String> cookies,
        List<HeaderName> headers,
        String keyClaim,
        boolean base64Secrets,
        List<String> claims,
        double maximumExpiration,
        boolean onPreflight) {

    static final Schema SCHEMA = Schema.of(
                    Field.of("uri_param_names", Type.set(Type.string())).defaultsTo(List.of("jwt")),
                    Field.of("cookie_names", Type.set(Type.string())).defaultsTo(List.of()),
                    Field.string("key_claim_name").defaultsTo("iss"),
                    Field.bool("secret_is_base64", false).mandatory(),
                    Field.of("claims_to_verify", Type.set(Type.string(Rules.oneOf("exp", "nbf")))),
                    AnonymousAccess.FIELD,
                    Field.bool("run_on_preflight", true).mandatory(),
                    Field.number("maximum_expiration", Rules.between(0, 31_536_000))
                            .defaultsTo(0),
                    Field.of("header_names", Type.set(Type.string(HeaderName.tokenRule())))
                            .defaultsTo(List.of("authorization")),
                    Field.string("realm"))
            .with(JwtSettings::checkExpiration);

    static JwtSettings of(Settings settings) {
        return new JwtSettings(
                settings.strings("uri_param_names"),
                settings.strings("cookie_names"),
                settings.strings("header_names").stream().map(HeaderName::of).toList(),
                settings.string("key_claim_name"),
                settings.bool("secret_is_base64"),
                settings.strings("claims_to_verify"),
                settings.number("maximum_expiration"),
                settings.bool("run_on_preflight"));
    }

    private static void checkExpiration(Map<String, @Nullable Object> config, Check.Errors errors) {
        boolean limited = config.get("maximum_expiration") instanceof Number most && most.doubleValue() > 0;
        boolean verified = config.get("claims_to_verify") instanceof List<?> claims && claims.contains("exp");
        if (limited && !verified) {
            errors.field("claims_to_verify", "expected to contain: exp");
            errors.entity("failed conditional validation given value of field 'config.maximum_expiration'");
        }
    }
}
