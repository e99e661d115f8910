package io.sluice.node.plugins.mtlsauth;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What is asked of certificates and what becomes of their names.
 *
 * @param authorities ids of the certificates that chains must lead to
 * @param partial whether any of these ends a chain, also one that another authority has signed
 * @param lookUp whether a consumer must be found
 * @param groupByName whether the group of a client without a consumer is its common name; else its whole name
 * @param byUsername whether a name may be a consumer's username, and {@code byCustomId} its custom id
 * @param resultMillis how long a result is used again
 * @param fetchMillis how long the state of a certificate is waited for
 */
record MtlsAuthSettings(
        List<UUID> authorities,
        boolean partial,
        boolean lookUp,
        boolean groupByName,
        boolean byUsername,
        boolean byCustomId,
        Revocation revocation,
        long resultMillis,
        long fetchMillis) {

    /** What is done about certificates that their authority has taken back. */
    enum Revocation {
        /** Nothing. */
        SKIP,
        /** They are refused; whose state cannot be found out is let in. */
        IGNORE_CA_ERROR,
        /** They are refused, and so is whoever's state cannot be found out. */
        STRICT
    }

    static final Schema SCHEMA = Schema.of(
            Field.of("ca_certificates", Type.array(Type.string(Rules.uuid()))).mandatory(),
            AnonymousAccess.FIELD,
            Field.of("consumer_by", Type.array(Type.string(Rules.oneOf("username", "custom_id"))))
                    .defaultsTo(List.of("username", "custom_id")),
            Field.number("cache_ttl").defaultsTo(60),
            Field.bool("skip_consumer_lookup", false).mandatory(),
            Field.bool("allow_partial_chain", false).mandatory(),
            Field.string("authenticated_group_by", Rules.oneOf("CN", "DN")).defaultsTo("CN"),
            Field.string("revocation_check_mode", Rules.oneOf("SKIP", "IGNORE_CA_ERROR", "STRICT"))
                    .defaultsTo("IGNORE_CA_ERROR"),
            Field.number("http_timeout", Rules.between(1, 600_000)).defaultsTo(30_000),
            Field.number("cert_cache_ttl", Rules.between(0, 86_400_000)).defaultsTo(60_000),
            Field.bool("send_ca_dn", false),
            Field.string("default_consumer"));

    static MtlsAuthSettings of(Settings settings) {
        List<String> by = settings.strings("consumer_by");
        return new MtlsAuthSettings(
                authorities(settings),
                settings.bool("allow_partial_chain"),
                !settings.bool("skip_consumer_lookup"),
                settings.string("authenticated_group_by").equals("CN"),
                by.contains("username"),
                by.contains("custom_id"),
                Revocation.valueOf(settings.string("revocation_check_mode").toUpperCase(Locale.ROOT)),
                (long) settings.number("cert_cache_ttl"),
                (long) settings.number("http_timeout"));
    }

    static List<UUID> authorities(Settings settings) {
        return settings.strings("ca_certificates").stream()
                .map(UUID::fromString)
                .toList();
    }
}
