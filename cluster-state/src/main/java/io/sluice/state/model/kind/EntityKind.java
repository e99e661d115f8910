package io.sluice.state.model.kind;

import io.sluice.state.model.CaCertificate;
import io.sluice.state.model.Certificate;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.ConsumerGroup;
import io.sluice.state.model.Credential;
import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Key;
import io.sluice.state.model.KeySet;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import io.sluice.state.model.Sni;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.Vault;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of entity: its words, its schema, what identifies one, and the way between tree and record. A kind comes after
 * the kinds it refers to. Immutable and pure.
 */
@SuppressWarnings("ImmutableEnumChecker") // records of immutable parts and functions without state
public enum EntityKind {
    CERTIFICATE(
            new Words("certificates", "certificate", "certificates"),
            CertificateSchema.SCHEMA,
            new Natural(null),
            binding(Certificate.class, new CertificateSchema(), GatewayConfig::certificates)),
    CA_CERTIFICATE(
            new Words("ca_certificates", "ca_certificate", "ca_certificates"),
            CertificateSchema.Authorities.SCHEMA,
            new Natural(null),
            binding(CaCertificate.class, new CertificateSchema.Authorities(), GatewayConfig::caCertificates)),
    SERVICE(
            new Words("services", "service", "services"),
            ServiceSchema.SCHEMA,
            new Natural("name"),
            binding(Service.class, new ServiceSchema(), GatewayConfig::services)),
    ROUTE(
            new Words("routes", "route", "routes"),
            RouteSchema.HTTP,
            new Natural("name"),
            binding(Route.class, new RouteCodec(), GatewayConfig::routes)),
    CONSUMER_GROUP(
            new Words("consumer_groups", "consumer_group", "consumer_groups"),
            ConsumerSchema.Groups.SCHEMA,
            new Natural("name"),
            binding(ConsumerGroup.class, new ConsumerSchema.Groups(), GatewayConfig::consumerGroups)),
    CONSUMER(
            new Words("consumers", "consumer", "consumers"),
            ConsumerSchema.SCHEMA,
            new Natural("username"),
            binding(Consumer.class, new ConsumerSchema(), GatewayConfig::consumers)),
    UPSTREAM(
            new Words("upstreams", "upstream", "upstreams"),
            UpstreamSchema.SCHEMA,
            new Natural("name"),
            binding(Upstream.class, new UpstreamSchema(), GatewayConfig::upstreams)),
    TARGET(
            new Words("targets", "target", "targets"),
            TargetSchema.SCHEMA,
            new Natural("target", "upstream", "target"),
            binding(Target.class, new TargetSchema(), GatewayConfig::targets)),
    SNI(
            new Words("snis", "sni", "snis"),
            CertificateSchema.Snis.SCHEMA,
            new Natural("name"),
            binding(Sni.class, new CertificateSchema.Snis(), GatewayConfig::snis)),
    VAULT(
            new Words("vaults", "vault", "vaults"),
            VaultSchema.SCHEMA,
            new Natural("prefix", "prefix"),
            binding(Vault.class, new VaultSchema(), GatewayConfig::vaults)),
    KEY_SET(
            new Words("key_sets", "key_set", "key-sets"),
            KeySchema.Sets.SCHEMA,
            new Natural("name"),
            binding(KeySet.class, new KeySchema.Sets(), GatewayConfig::keySets)),
    KEY(
            new Words("keys", "key", "keys"),
            KeySchema.SCHEMA,
            new Natural("name", "kid", "set"),
            binding(Key.class, new KeySchema(), GatewayConfig::keys)),
    PLUGIN(
            new Words("plugins", "plugin", "plugins"),
            PluginSchema.SCHEMA,
            new Natural("instance_name", "name", "route", "service", "consumer", "consumer_group"),
            binding(PluginConfig.class, new PluginSchema(), GatewayConfig::plugins)),
    KEYAUTH_CREDENTIAL(
            new Words("keyauth_credentials", "keyauth_credential", "key-auths", "key-auth"),
            CredentialSchema.KEY_AUTH,
            new Natural("key", "key"),
            credential(Credential.KeyAuth.class, CredentialCodec.KEY_AUTH)),
    BASICAUTH_CREDENTIAL(
            new Words("basicauth_credentials", "basicauth_credential", "basic-auths", "basic-auth"),
            CredentialSchema.BASIC_AUTH,
            new Natural("username", "username"),
            credential(Credential.BasicAuth.class, CredentialCodec.BASIC_AUTH)),
    HMACAUTH_CREDENTIAL(
            new Words("hmacauth_credentials", "hmacauth_credential", "hmac-auths", "hmac-auth"),
            CredentialSchema.HMAC_AUTH,
            new Natural("username", "username"),
            credential(Credential.HmacAuth.class, CredentialCodec.HMAC_AUTH)),
    JWT_SECRET(
            new Words("jwt_secrets", "jwt_secret", "jwts", "jwt"),
            CredentialSchema.JWT,
            new Natural("key", "key"),
            credential(Credential.JwtSecret.class, CredentialCodec.JWT)),
    OAUTH2_CREDENTIAL(
            new Words("oauth2_credentials", "oauth2_credential", "oauth2", "oauth2"),
            CredentialSchema.OAUTH2,
            new Natural("client_id", "client_id"),
            credential(Credential.OAuth2.class, CredentialCodec.OAUTH2)),
    MTLS_AUTH_CREDENTIAL(
            new Words("mtls_auth_credentials", "mtls_auth_credential", "mtls-auths", "mtls-auth"),
            CredentialSchema.MTLS_AUTH,
            new Natural(null, "subject_name", "ca_certificate"),
            credential(Credential.MtlsAuth.class, CredentialCodec.MTLS_AUTH)),
    ACL(
            new Words("acls", "acl", "acls", "acls"),
            CredentialSchema.ACL,
            new Natural(null, "consumer", "group"),
            credential(Credential.Acl.class, CredentialCodec.ACL));

    private final Words words;
    private final Schema schema;
    private final Natural natural;
    private final Binding<?> binding;
    private final Map<String, String> foreignWords;
    private final List<String> uniqueFields;

    EntityKind(Words words, Schema schema, Natural natural, Binding<?> binding) {
        this.words = words;
        this.schema = schema;
        this.natural = natural;
        this.binding = binding;
        this.foreignWords = foreignWords(schema);
        this.uniqueFields = schema.fields().stream()
                .filter(field -> field.type().rules().contains(Fields.UNIQUE))
                .map(Field::name)
                .toList();
    }

    /** The kind of a plural word such as {@code services}. */
    public static Optional<EntityKind> of(String plural) {
        return Arrays.stream(values())
                .filter(kind -> kind.plural().equals(plural))
                .findFirst();
    }

    /** The kind of an entity. */
    public static EntityKind of(Entity entity) {
        return Arrays.stream(values())
                .filter(kind -> kind.binding.type().isInstance(entity))
                .findFirst()
                .orElseThrow();
    }

    /** The key in declarative files, for example {@code key_sets}. */
    public String plural() {
        return words.plural();
    }

    /** The word for one, for example {@code key_set}. */
    public String singular() {
        return words.singular();
    }

    /** The first segment in the Admin API's paths, for example {@code key-sets}. */
    public String adminPath() {
        return words.admin();
    }

    /** The segment below a parent in the Admin API's paths, for example {@code key-auth}. */
    public String nestedAdminPath() {
        return words.nested();
    }

    /** The record's class. */
    public Class<? extends Entity> type() {
        return binding.type();
    }

    /** The fields and rules; for routes those of HTTP traffic, for plugins without a certain plugin's settings. */
    public Schema schema() {
        return schema;
    }

    /** The schema that an object as given is checked by; routes differ by what they carry. */
    public Schema schemaFor(Map<String, @Nullable Object> given) {
        return this == ROUTE ? RouteSchema.of(given) : schema;
    }

    /** The field that can stand for the id in paths and references; empty if there is none. */
    public Optional<String> endpointKey() {
        return Optional.ofNullable(natural.endpointKey());
    }

    /** The fields that together identify one and that a generated id is made of; empty if the endpoint key does that. */
    public List<String> cacheKey() {
        return natural.cacheKey();
    }

    /** The fields of which no two entities share a value. */
    public List<String> uniqueFields() {
        return uniqueFields;
    }

    /** The fields that refer to one other entity, and its kind. */
    public Map<String, EntityKind> foreignFields() {
        return Relations.FOREIGN.getOrDefault(this, Map.of());
    }

    /** The kinds that may be nested in one of this kind, and the field by which they refer to it. */
    public Map<EntityKind, String> children() {
        return Relations.CHILDREN.getOrDefault(this, Map.of());
    }

    /**
     * Replaces shorthands (a service's {@code url}, an upstream's implied algorithm) by the fields they stand for.
     *
     * @param errors receives what is wrong with a shorthand, by field
     */
    public Map<String, @Nullable Object> expand(Map<String, @Nullable Object> given, Map<String, Object> errors) {
        return switch (this) {
            case SERVICE -> ServiceSchema.expand(given, errors);
            case UPSTREAM -> UpstreamSchema.expand(given);
            default -> given;
        };
    }

    /** The record of a checked tree: defaults filled in, an id present, references resolved to {@code {"id": ..}}. */
    public Entity decode(Map<String, @Nullable Object> tree) {
        return binding.codec().decode(new Settings(tree));
    }

    /** The tree of a record: every field, null where unset, references as {@code {"id": ..}}. */
    public Map<String, @Nullable Object> encode(Entity entity) {
        return encode(binding, entity);
    }

    /** The entities of this kind, in the order of the configuration. */
    public List<? extends Entity> entities(GatewayConfig config) {
        return binding.entities().apply(config);
    }

    private static <E extends Entity> Map<String, @Nullable Object> encode(Binding<E> binding, Entity entity) {
        return binding.codec().encode(binding.type().cast(entity));
    }

    private static Map<String, String> foreignWords(Schema schema) {
        Map<String, String> words = new LinkedHashMap<>();
        for (Field field : schema.fields()) {
            if (field.type() instanceof Type.Foreign foreign) {
                words.put(field.name(), foreign.kind());
            }
        }
        return words;
    }

    private static <E extends Entity> Binding<E> binding(
            Class<E> type, Codec<E> codec, Function<GatewayConfig, List<E>> entities) {
        return new Binding<>(type, codec, entities);
    }

    private static <C extends Credential> Binding<C> credential(Class<C> type, Codec<C> codec) {
        return new Binding<>(
                type,
                codec,
                config -> config.credentials().stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList());
    }

    /** What the kinds' foreign fields add up to; in a class of its own because it needs all kinds to exist. */
    private static final class Relations {
        static final Map<EntityKind, Map<String, EntityKind>> FOREIGN = new EnumMap<>(EntityKind.class);
        static final Map<EntityKind, Map<EntityKind, String>> CHILDREN = new EnumMap<>(EntityKind.class);

        static {
            for (EntityKind kind : values()) {
                Map<String, EntityKind> foreign = new LinkedHashMap<>();
                kind.foreignWords.forEach((field, word) -> foreign.put(field, of(word).orElseThrow()));
                FOREIGN.put(kind, Collections.unmodifiableMap(foreign));
                foreign.forEach(
                        (field, parent) -> CHILDREN.computeIfAbsent(parent, key -> new EnumMap<>(EntityKind.class))
                                .put(kind, field));
            }
            CHILDREN.replaceAll((kind, children) -> Collections.unmodifiableMap(children));
        }
    }

    private record Words(String plural, String singular, String admin, String nested) {
        Words(String plural, String singular, String admin) {
            this(plural, singular, admin, admin);
        }
    }

    private record Natural(@Nullable String endpointKey, List<String> cacheKey) {
        Natural(@Nullable String endpointKey, String... cacheKey) {
            this(endpointKey, List.of(cacheKey));
        }
    }

    private record Binding<E extends Entity>(
            Class<E> type, Codec<E> codec, Function<GatewayConfig, List<E>> entities) {}
}
