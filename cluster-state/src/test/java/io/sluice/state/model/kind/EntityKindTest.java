package io.sluice.state.model.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Entity;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Service;
import io.sluice.state.model.Target;
import io.sluice.state.model.Upstream;
import io.sluice.state.model.schema.Checked;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.SchemaJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the list of kinds promises, over all of them. */
class EntityKindTest {

    private static final String ID = "0dc6f45b-8f8d-40d2-a504-473544ee190b";
    private static final Map<String, Object> REFERENCE = Map.of("id", ID);

    /** Fields that are written only if they are set. */
    private static final Set<String> BEYOND_KONG = Set.of(
            "groups",
            "consumer_group",
            "sticky_sessions_cookie",
            "sticky_sessions_cookie_path",
            "hash_balance_factor",
            "slow_start",
            "retry_budget",
            "circuit_breaker",
            "outlier_ejection",
            "hedging");

    /** A well-formed object of the kind with every required field. */
    private static Map<String, Object> sample(EntityKind kind) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", ID);
        switch (kind) {
            case SERVICE -> tree.put("url", "https://h/p");
            case ROUTE -> {
                tree.put("paths", List.of("/a"));
                tree.put("headers", Map.of("x-a", List.of("1")));
                tree.put("service", REFERENCE);
            }
            case CONSUMER -> tree.put("username", "u");
            case CONSUMER_GROUP, UPSTREAM, PLUGIN -> tree.put("name", "n");
            case TARGET -> tree.putAll(Map.of("upstream", REFERENCE, "target", "::1"));
            case CERTIFICATE -> tree.putAll(Map.of("cert", "c", "key", "k"));
            case CA_CERTIFICATE -> tree.put("cert", "c");
            case SNI -> tree.putAll(Map.of("name", "a", "certificate", REFERENCE));
            case VAULT -> tree.putAll(Map.of("name", "env", "prefix", "ab"));
            case KEY -> tree.putAll(Map.of("kid", "1", "pem", Map.of("public_key", "p")));
            case KEY_SET -> tree.put("name", "s");
            case KEYAUTH_CREDENTIAL -> tree.putAll(Map.of("consumer", REFERENCE, "key", "k", "ttl", 5));
            case BASICAUTH_CREDENTIAL -> tree.putAll(Map.of("consumer", REFERENCE, "username", "u", "password", "p"));
            case HMACAUTH_CREDENTIAL -> tree.putAll(Map.of("consumer", REFERENCE, "username", "u", "secret", "s"));
            case JWT_SECRET -> tree.putAll(Map.of("consumer", REFERENCE, "key", "k", "secret", "s"));
            case OAUTH2_CREDENTIAL ->
                tree.putAll(Map.of("consumer", REFERENCE, "name", "n", "client_id", "i", "client_secret", "s"));
            case MTLS_AUTH_CREDENTIAL ->
                tree.putAll(Map.of("consumer", REFERENCE, "subject_name", "a.test", "ca_certificate", REFERENCE));
            case ACL -> tree.putAll(Map.of("consumer", REFERENCE, "group", "g"));
        }
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static Entity decoded(EntityKind kind, Map<String, Object> given) {
        Map<String, Object> expanded = kind.expand(given, new LinkedHashMap<>());
        Checked checked = kind.schemaFor(expanded).check(expanded);
        assertThat(checked.error()).isNull();
        return kind.decode((Map<String, Object>) checked.value());
    }

    @ParameterizedTest
    @EnumSource
    void readsBackWhatItWrites(EntityKind kind) {
        Entity entity = decoded(kind, sample(kind));

        Map<String, Object> written = kind.encode(entity);

        assertThat(decoded(kind, written)).isEqualTo(entity);
    }

    @ParameterizedTest
    @EnumSource
    void writesEveryFieldOfOpenSourceKong(EntityKind kind) {
        var fields = kind.schema().fields().stream().map(Field::name).filter(name -> !BEYOND_KONG.contains(name));

        Map<String, Object> written = kind.encode(decoded(kind, sample(kind)));

        assertThat(written.keySet()).containsExactlyInAnyOrderElementsOf(fields.toList());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsWordAndByItsEntities(EntityKind kind) {
        Entity entity = decoded(kind, sample(kind));
        GatewayConfig config = Entities.config(GatewayConfig.EMPTY_HASH, List.of(entity));

        assertThat(EntityKind.of(kind.plural())).contains(kind);
        assertThat(EntityKind.of(entity)).isEqualTo(kind);
        assertThat(Entities.of(config)).isEqualTo(List.of(entity));
    }

    @ParameterizedTest
    @EnumSource
    void comesAfterTheKindsItRefersTo(EntityKind kind) {
        assertThat(kind.foreignFields().values()).allMatch(parent -> parent.ordinal() < kind.ordinal());
    }

    @Test
    void nestsChildrenUnderWhatTheyReferTo() {
        assertThat(EntityKind.SERVICE.children().keySet()).containsExactly(EntityKind.ROUTE, EntityKind.PLUGIN);
        assertThat(EntityKind.CONSUMER.children())
                .containsEntry(EntityKind.KEYAUTH_CREDENTIAL, "consumer")
                .containsEntry(EntityKind.PLUGIN, "consumer");
        assertThat(EntityKind.CERTIFICATE.children())
                .containsEntry(EntityKind.SNI, "certificate")
                .containsEntry(EntityKind.SERVICE, "client_certificate");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h,            http,  h,     80,   ''",
        "https://h,           https, h,     443,  ''",
        "https://h:8443/p/q,  https, h,     8443, /p/q",
        "grpc://h,            grpc,  h,     80,   ''",
        "//h:443/x,           https, h,     443,  /x",
        "http://u:p@h:81/,    http,  h,     81,   /"
    })
    void splitsTheUrlOfAService(String url, String protocol, String host, int port, String path) {
        var service = (Service) decoded(EntityKind.SERVICE, Map.of("id", ID, "url", url, "port", 1));

        assertThat(service.protocol().word()).isEqualTo(protocol);
        assertThat(service.host()).isEqualTo(host);
        assertThat(service.port()).isEqualTo(port);
        assertThat(service.path()).isEqualTo(path.isEmpty() ? null : path);
    }

    @ParameterizedTest
    @CsvSource({
        "a,          a:8000",
        "a:81,       a:81",
        "1.2.3.4,    1.2.3.4:8000",
        "::1,        [0000:0000:0000:0000:0000:0000:0000:0001]:8000",
        "[::A]:9,    [0000:0000:0000:0000:0000:0000:0000:000a]:9"
    })
    void normalisesTargets(String given, String stored) {
        var target = (Target) decoded(EntityKind.TARGET, Map.of("id", ID, "upstream", REFERENCE, "target", given));

        assertThat(target.target()).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource({
        "round-robin,        ip,   CONSISTENT_HASHING, IP",
        "consistent-hashing, none, ROUND_ROBIN,        NONE",
        "least-connections,  ip,   LEAST_CONNECTIONS,  NONE",
        "latency,            ip,   LATENCY,            NONE",
        "power-of-two-choices, ip,  POWER_OF_TWO_CHOICES, NONE",
        ",                   path, CONSISTENT_HASHING, PATH",
        "weighted-round-robin, none, ROUND_ROBIN,       NONE",
        "weighted-round-robin, ip,  CONSISTENT_HASHING, IP"
    })
    void letsAlgorithmAndHashInputImplyEachOther(
            String algorithm, String hashOn, Upstream.Algorithm expected, Upstream.HashOn input) {
        Map<String, Object> given = new LinkedHashMap<>(Map.of("id", ID, "name", "u", "hash_on", hashOn));
        given.put("algorithm", algorithm);

        var upstream = (Upstream) decoded(EntityKind.UPSTREAM, given);

        assertThat(upstream.algorithm()).isEqualTo(expected);
        assertThat(upstream.hashOn()).isEqualTo(input);
    }

    @Test
    void showsSchemasAsKongDoes() {
        Map<String, Object> json = SchemaJson.of(EntityKind.CONSUMER.schema());

        assertThat(json.get("entity_checks"))
                .isEqualTo(List.of(Map.of("at_least_one_of", List.of("custom_id", "username"))));
        assertThat(json.get("fields"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(
                        Map.of("id", Map.of("type", "string", "uuid", true, "auto", true)),
                        Map.of("username", Map.of("type", "string", "unique", true)),
                        Map.of("tags", Map.of("type", "set", "elements", Map.of("type", "string"))));
    }

    @Test
    void showsForeignKeysDefaultsAndSecretsInSchemas() {
        assertThat(SchemaJson.of(EntityKind.ROUTE.schema()).get("fields"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(
                        Map.of("service", Map.of("type", "foreign", "reference", "services")),
                        Map.of("strip_path", Map.of("type", "boolean", "required", true, "default", true)));
        assertThat(SchemaJson.of(EntityKind.CERTIFICATE.schema()).get("fields"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(Map.of(
                        "key", Map.of("type", "string", "required", true, "referenceable", true, "encrypted", true)));
    }
}
