package io.sluice.state.model.kind;

import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Credentials of all kinds: fields and rules. */
final class CredentialSchema {

    /** About a hundred years, in seconds. */
    private static final long MAX_TTL = 100_000_000;

    static final Schema KEY_AUTH = credential(
            Field.string("key", Fields.UNIQUE, Fields.AUTO).asSecret(),
            Field.integer("ttl", Rules.between(0, MAX_TTL)));

    static final Schema BASIC_AUTH = credential(
            Field.string("username", Fields.UNIQUE).mandatory(),
            Field.string("password").mandatory().asSecret());

    static final Schema HMAC_AUTH = credential(
            Field.string("username", Fields.UNIQUE).mandatory(),
            Field.string("secret", Fields.AUTO).asSecret());

    static final Schema JWT = credential(
                    Field.string("key", Fields.UNIQUE, Fields.AUTO),
                    Field.string("secret", Fields.AUTO).asSecret(),
                    Field.string("rsa_public_key"),
                    Field.string(
                                    "algorithm",
                                    Rules.oneOf(
                                            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384",
                                            "ES512", "PS256", "PS384", "PS512", "EdDSA"))
                            .defaultsTo("HS256"))
            .with(Checks.requiredWhen(
                    "rsa_public_key", "algorithm", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"));

    static final Schema OAUTH2 = credential(
            Field.string("name").mandatory(),
            Field.string("client_id", Fields.UNIQUE, Fields.AUTO),
            Field.string("client_secret", Fields.AUTO).asSecret(),
            Field.bool("hash_secret", false).mandatory(),
            Field.of("redirect_uris", Type.array(Type.string(redirectUri()))),
            Field.string("client_type", Rules.oneOf("confidential", "public"))
                    .mandatory()
                    .defaultsTo("confidential"));

    static final Schema MTLS_AUTH =
            credential(Field.string("subject_name").mandatory(), Fields.foreign("ca_certificate", "ca_certificates"));

    static final Schema ACL = credential(Field.string("group").mandatory());

    private CredentialSchema() {}

    private static Schema credential(Field... own) {
        List<Field> fields = new ArrayList<>(List.of(
                Fields.id(),
                Fields.createdAt(),
                Fields.foreign("consumer", "consumers").mandatory()));
        fields.addAll(Arrays.asList(own));
        fields.add(Fields.tags());
        return Schema.of(fields.toArray(Field[]::new));
    }

    private static Rule redirectUri() {
        return TextRules.rule("redirect_uri", text -> {
            try {
                URI uri = new URI(text);
                if (uri.getScheme() == null || uri.getRawAuthority() == null) {
                    return "cannot parse '" + text + "'";
                }
                return uri.getRawFragment() == null ? "" : "fragment not allowed in '" + text + "'";
            } catch (URISyntaxException e) {
                return "cannot parse '" + text + "'";
            }
        });
    }
}
