package io.sluice.state.model.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.schema.Checked;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of every kind of entity, in Kong's words. */
class EntityRulesTest {

    private static final String NAME_ENDING =
            "': the only accepted ascii characters are alphanumerics or ., -, _, and ~";
    private static final Map<String, Object> ID = Map.of("id", "0dc6f45b-8f8d-40d2-a504-473544ee190b");

    record Case(EntityKind kind, Map<String, Object> given, Map<String, Object> errors) {}

    private static Case bad(EntityKind kind, Map<String, Object> given, String field, Object error) {
        return new Case(kind, given, Map.of(field, error));
    }

    private static Case good(EntityKind kind, Map<String, Object> given) {
        return new Case(kind, given, Map.of());
    }

    /** A service with host h and the given field. */
    private static Map<String, Object> service(String field, Object value) {
        return with(Map.of("host", "h"), field, value);
    }

    private static Map<String, Object> route(String field, Object value) {
        return with(Map.of("methods", List.of("GET")), field, value);
    }

    private static Map<String, Object> upstream(String field, Object value) {
        return with(Map.of("name", "u"), field, value);
    }

    private static Map<String, Object> with(Map<String, Object> tree, Object... more) {
        Map<String, Object> result = new LinkedHashMap<>(tree);
        for (int i = 0; i < more.length; i += 2) {
            result.put((String) more[i], more[i + 1]);
        }
        return result;
    }

    private static String condition(String field) {
        return "failed conditional validation given value of field '" + field + "'";
    }

    private static Case conditional(
            EntityKind kind, Map<String, Object> given, String when, String field, String error) {
        return new Case(kind, given, Map.of("@entity", List.of(condition(when)), field, error));
    }

    static List<Case> services() {
        EntityKind kind = EntityKind.SERVICE;
        return List.of(
                good(kind, service("name", "a.b-c_d~é")),
                bad(kind, service("name", "a b"), "name", "invalid value 'a b" + NAME_ENDING),
                bad(kind, service("name", ""), "name", "length must be at least 1"),
                bad(kind, service("name", 5), "name", "expected a string"),
                bad(kind, Map.of(), "host", "required field missing"),
                good(kind, Map.of("host", "1.2.3.4")),
                good(kind, Map.of("host", "::1")),
                good(kind, Map.of("host", "my_host.x.")),
                bad(kind, Map.of("host", "h:80"), "host", "must not have a port"),
                bad(kind, Map.of("host", "h:99999"), "host", "must not have a port"),
                bad(kind, Map.of("host", "a..b"), "host", "invalid value: a..b"),
                bad(kind, Map.of("host", "a-.b"), "host", "invalid value: a-.b"),
                bad(kind, Map.of("host", "a b"), "host", "invalid value: a b"),
                bad(kind, Map.of("host", "1.2.3.256"), "host", "invalid value: 1.2.3.256"),
                good(kind, service("port", 0)),
                bad(kind, service("port", 65536), "port", "value should be between 0 and 65535"),
                bad(kind, service("port", "80"), "port", "expected an integer"),
                bad(kind, service("port", 1.5), "port", "expected an integer"),
                good(kind, service("path", "/a/%20b;c@d")),
                bad(kind, service("path", "a"), "path", "should start with: /"),
                bad(kind, service("path", "/a//b"), "path", "must not have empty segments"),
                bad(
                        kind,
                        service("path", "/a?b"),
                        "path",
                        "invalid path: '/a?b' (characters outside of the reserved list of RFC 3986 found)"),
                bad(kind, service("path", "/a%2"), "path", "invalid url-encoded value: '%2'"),
                bad(kind, service("path", "/a%zzb"), "path", "invalid url-encoded value: '%zz'"),
                bad(kind, service("retries", 32768), "retries", "value should be between 0 and 32767"),
                bad(kind, service("read_timeout", 0), "read_timeout", "value should be between 1 and 2147483646"),
                bad(
                        kind,
                        service("protocol", "wsx"),
                        "protocol",
                        "expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp, ws, wss"),
                bad(kind, service("enabled", "true"), "enabled", "expected a boolean"),
                bad(kind, service("colour", "red"), "colour", "unknown field"),
                bad(kind, service("id", "x"), "id", "expected a valid UUID"),
                bad(kind, service("created_at", -1), "created_at", "expected a valid timestamp"),
                bad(kind, service("tags", "a"), "tags", "expected a set"),
                good(kind, service("tags", List.of("a b", "k8s-name:x", "é"))),
                bad(
                        kind,
                        service("tags", List.of("ok", "a,b")),
                        "tags",
                        Arrays.asList(
                                null,
                                "invalid tag 'a,b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences")),
                conditional(
                        kind, with(service("path", "/x"), "protocol", "tcp"), "protocol", "path", "value must be null"),
                conditional(kind, service("tls_verify", true), "protocol", "tls_verify", "value must be null"),
                good(kind, with(service("tls_verify", true), "protocol", "https")),
                conditional(
                        kind,
                        service("client_certificate", ID),
                        "protocol",
                        "client_certificate",
                        "value must be null"),
                bad(
                        kind,
                        with(service("tls_verify_depth", 65), "protocol", "https"),
                        "tls_verify_depth",
                        "value should be between 0 and 64"),
                good(kind, Map.of("url", "https://h/p")),
                bad(kind, Map.of("url", "/p"), "host", "required field missing"),
                bad(kind, Map.of("url", 7), "url", "expected a string"),
                bad(kind, Map.of("url", "http://h:x"), "port", "expected an integer"));
    }

    static List<Case> routes() {
        EntityKind kind = EntityKind.ROUTE;
        String http = "must set one of 'methods', 'hosts', 'headers', 'paths' when 'protocols' is 'http'";
        String https = "must set one of 'methods', 'hosts', 'headers', 'paths', 'snis' when 'protocols' is 'https'";
        return List.of(
                bad(kind, Map.of(), "@entity", List.of(https)),
                bad(kind, Map.of("protocols", List.of("http")), "@entity", List.of(http)),
                new Case(kind, Map.of("name", 5), Map.of("name", "expected a string", "@entity", List.of(https))),
                good(kind, Map.of("protocols", List.of("https"), "snis", List.of("a.b"))),
                new Case(
                        kind,
                        with(route("snis", List.of("a.b")), "protocols", List.of("http")),
                        Map.of(
                                "snis",
                                "length must be 0",
                                "@entity",
                                List.of(
                                        "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'"))),
                bad(kind, route("protocols", List.of()), "protocols", "length must be at least 1"),
                bad(
                        kind,
                        route("protocols", List.of("http", "tcp")),
                        "protocols",
                        "these sets are mutually exclusive: ('http', 'https'), ('tcp', 'tls', 'udp')"),
                bad(kind, route("methods", List.of("get")), "methods", List.of("invalid value: get")),
                good(kind, route("hosts", List.of("*.a", "a.*", "a:80", "A.b"))),
                bad(
                        kind,
                        route("hosts", List.of("*.a.*")),
                        "hosts",
                        List.of("invalid wildcard: must have at most one wildcard")),
                bad(
                        kind,
                        route("hosts", List.of("a.*.b")),
                        "hosts",
                        List.of("invalid wildcard: must be placed at leftmost or rightmost label")),
                bad(kind, route("hosts", List.of("a b")), "hosts", List.of("invalid hostname: a b")),
                good(kind, route("paths", List.of("/", "/a/", "~/a(b|c)$", "/%2F"))),
                bad(
                        kind,
                        route("paths", List.of("/ok", "a")),
                        "paths",
                        Arrays.asList(null, "should start with: / (fixed path) or ~/ (regex path)")),
                bad(kind, route("paths", List.of("/a//b")), "paths", List.of("must not have empty segments")),
                bad(
                        kind,
                        route("paths", List.of("/a/../b")),
                        "paths",
                        List.of("non-normalized path, consider use '/b' instead")),
                bad(
                        kind,
                        route("paths", List.of("/%61 b")),
                        "paths",
                        List.of("non-normalized path, consider use '/a%20b' instead")),
                good(kind, route("headers", Map.of("x-a", List.of("1")))),
                bad(
                        kind,
                        route("headers", Map.of("Host", List.of("1"))),
                        "headers",
                        Map.of(
                                "Host",
                                "cannot contain 'host' header, which must be specified in the 'hosts' attribute")),
                bad(kind, route("headers", Map.of("x", "1")), "headers", Map.of("x", "expected an array")),
                bad(
                        kind,
                        route("https_redirect_status_code", 303),
                        "https_redirect_status_code",
                        "expected one of: 426, 301, 302, 307, 308"),
                bad(kind, route("path_handling", "v2"), "path_handling", "expected one of: v0, v1"),
                bad(
                        kind,
                        route("sources", List.of(Map.of("ip", "1.1.1.1"))),
                        "sources",
                        "cannot set 'sources' when 'protocols' is 'http' or 'https'"),
                good(kind, Map.of("protocols", List.of("tcp"), "sources", List.of(Map.of("ip", "10.0.0.0/8")))),
                bad(
                        kind,
                        Map.of("protocols", List.of("tcp")),
                        "@entity",
                        List.of(
                                "must set one of 'sources', 'destinations', 'snis' when 'protocols' is 'tcp', 'tls' or 'udp'")),
                bad(
                        kind,
                        Map.of("protocols", List.of("tcp"), "sources", List.of(Map.of("ip", "x"))),
                        "sources",
                        List.of(Map.of("ip", "invalid ip or cidr range: 'x'"))),
                bad(
                        kind,
                        Map.of("protocols", List.of("tcp"), "sources", List.of(Map.of())),
                        "sources",
                        List.of(Map.of(
                                "@entity", List.of("at least one of these fields must be non-empty: 'ip', 'port'")))),
                bad(
                        kind,
                        Map.of(
                                "protocols",
                                List.of("udp"),
                                "sources",
                                List.of(Map.of("port", 1)),
                                "methods",
                                List.of("GET")),
                        "methods",
                        "cannot set 'methods' when 'protocols' is 'tcp', 'tls', 'tls_passthrough' or 'udp'"),
                bad(
                        kind,
                        Map.of("protocols", List.of("tls_passthrough")),
                        "@entity",
                        List.of("must set snis when 'protocols' is 'tls_passthrough'")),
                good(kind, Map.of("protocols", List.of("grpc"), "hosts", List.of("a"))),
                bad(
                        kind,
                        Map.of("protocols", List.of("grpc"), "hosts", List.of("a"), "strip_path", true),
                        "strip_path",
                        "cannot set 'strip_path' when 'protocols' is 'grpc' or 'grpcs'"),
                bad(
                        kind,
                        Map.of("protocols", List.of("grpcs")),
                        "@entity",
                        List.of("must set one of 'hosts', 'headers', 'paths', 'snis' when 'protocols' is 'grpcs'")));
    }

    static List<Case> upstreams() {
        EntityKind kind = EntityKind.UPSTREAM;
        return List.of(
                good(kind, Map.of("name", "a.b")),
                bad(kind, Map.of("name", "a b"), "name", "Invalid name ('a b'); must be a valid hostname"),
                bad(kind, Map.of("name", "1.2.3.4"), "name", "Invalid name ('1.2.3.4'); no ip addresses allowed"),
                bad(kind, Map.of("name", "a:80"), "name", "Invalid name ('a:80'); no port allowed"),
                bad(kind, upstream("slots", 9), "slots", "value should be between 10 and 65536"),
                conditional(kind, upstream("hash_on", "header"), "hash_on", "hash_on_header", "required field missing"),
                conditional(kind, upstream("hash_fallback", "ip"), "hash_on", "hash_fallback", "expected one of: none"),
                conditional(
                        kind,
                        with(upstream("hash_on", "ip"), "hash_fallback", "ip"),
                        "hash_on",
                        "hash_fallback",
                        "expected one of: none, consumer, header, cookie, path, query_arg, uri_capture"),
                bad(
                        kind,
                        with(
                                upstream("hash_on", "header"),
                                "hash_fallback",
                                "header",
                                "hash_on_header",
                                "a",
                                "hash_fallback_header",
                                "a"),
                        "@entity",
                        List.of("values of these fields must be distinct: 'hash_on_header', 'hash_fallback_header'")),
                bad(
                        kind,
                        upstream("healthchecks", Map.of("active", Map.of("timeout", -1))),
                        "healthchecks",
                        Map.of("active", Map.of("timeout", "value should be between 0 and 65535"))),
                bad(
                        kind,
                        upstream("healthchecks", Map.of("passive", Map.of("unhealthy", Map.of("http_failures", 256)))),
                        "healthchecks",
                        Map.of(
                                "passive",
                                Map.of("unhealthy", Map.of("http_failures", "value should be between 0 and 255")))),
                bad(
                        kind,
                        upstream("healthchecks", Map.of("threshold", 100.5)),
                        "healthchecks",
                        Map.of("threshold", "value should be between 0 and 100")),
                bad(
                        EntityKind.TARGET,
                        Map.of("upstream", ID, "target", "a b:1"),
                        "target",
                        "Invalid target ('a b:1'); not a valid hostname or ip address"),
                good(EntityKind.TARGET, Map.of("upstream", ID, "target", "[::1]:8080")),
                bad(
                        EntityKind.TARGET,
                        Map.of("upstream", ID, "target", "a", "weight", 65536),
                        "weight",
                        "value should be between 0 and 65535"));
    }

    static List<Case> others() {
        return List.of(
                bad(
                        EntityKind.CONSUMER,
                        Map.of(),
                        "@entity",
                        List.of("at least one of these fields must be non-empty: 'custom_id', 'username'")),
                good(EntityKind.CONSUMER, Map.of("username", "anything goes / here")),
                bad(EntityKind.CONSUMER_GROUP, Map.of(), "name", "required field missing"),
                good(EntityKind.SNI, Map.of("name", "*.a", "certificate", ID)),
                good(EntityKind.SNI, Map.of("name", "*", "certificate", ID)),
                bad(
                        EntityKind.SNI,
                        Map.of("name", "a.*.b", "certificate", ID),
                        "name",
                        "wildcard must be leftmost or rightmost character"),
                bad(
                        EntityKind.SNI,
                        Map.of("name", "*.*", "certificate", ID),
                        "name",
                        "only one wildcard must be specified"),
                bad(EntityKind.SNI, Map.of("name", "1.2.3.4", "certificate", ID), "name", "must not be an IP"),
                bad(EntityKind.SNI, Map.of("name", "a:443", "certificate", ID), "name", "must not have a port"),
                bad(
                        EntityKind.CERTIFICATE,
                        Map.of("cert", "c", "key", "k", "cert_alt", "x"),
                        "@entity",
                        List.of("all or none of these fields must be set: 'cert_alt', 'key_alt'")),
                bad(EntityKind.VAULT, Map.of("prefix", "env", "name", "env"), "prefix", "must not be one of: env"),
                bad(EntityKind.VAULT, Map.of("prefix", "A-b", "name", "env"), "prefix", "invalid value: A-b"),
                bad(EntityKind.VAULT, Map.of("prefix", "ab", "name", "hcv"), "name", "vault 'hcv' is not installed"),
                good(EntityKind.VAULT, Map.of("prefix", "my-env-1", "name", "env", "config", Map.of("prefix", "SSL_"))),
                bad(
                        EntityKind.VAULT,
                        Map.of("prefix", "ab", "name", "env", "config", Map.of("x", 1)),
                        "config",
                        Map.of("x", "unknown field")),
                bad(
                        EntityKind.KEY,
                        Map.of("kid", "1"),
                        "@entity",
                        List.of("at least one of these fields must be non-empty: 'jwk', 'pem'")),
                bad(
                        EntityKind.KEY,
                        Map.of("kid", "1", "jwk", "{}", "pem", Map.of("public_key", "x")),
                        "@entity",
                        List.of("only one or none of these fields must be set: 'jwk', 'pem'")),
                bad(
                        EntityKind.BASICAUTH_CREDENTIAL,
                        Map.of("consumer", ID, "username", "u"),
                        "password",
                        "required field missing"),
                bad(EntityKind.ACL, Map.of("group", "g"), "consumer", "required field missing"),
                conditional(
                        EntityKind.JWT_SECRET,
                        Map.of("consumer", ID, "algorithm", "RS256"),
                        "algorithm",
                        "rsa_public_key",
                        "required field missing"),
                bad(
                        EntityKind.OAUTH2_CREDENTIAL,
                        Map.of("consumer", ID, "name", "n", "redirect_uris", List.of("https://a/#f")),
                        "redirect_uris",
                        List.of("fragment not allowed in 'https://a/#f'")),
                bad(EntityKind.PLUGIN, Map.of(), "name", "required field missing"));
    }

    @ParameterizedTest
    @MethodSource({"services", "routes", "upstreams", "others"})
    void reportsExactlyWhatIsWrong(Case one) {
        Map<String, Object> errors = new LinkedHashMap<>();
        Map<String, Object> expanded = one.kind().expand(one.given(), errors);

        Checked checked = one.kind().schemaFor(expanded).check(expanded);

        if (checked.error() instanceof Map<?, ?> found) {
            found.forEach((field, error) -> errors.put((String) field, error));
        }
        assertThat(errors).isEqualTo(one.errors());
    }

    @Test
    void neverQuotesASecret() {
        var checked = EntityKind.KEYAUTH_CREDENTIAL
                .schema()
                .with(Field.string("pin", Rules.match("[0-9]+")).asSecret())
                .check(Map.of("consumer", ID, "pin", "tell-nobody"));

        assertThat(checked.error()).isEqualTo(Map.of("pin", "invalid value (not shown: secret)"));
    }

    @Test
    void leavesReferencesToVaultsUnchecked() {
        var checked =
                EntityKind.CERTIFICATE.schema().check(Map.of("cert", "{vault://env/c}", "key", "{vault://env/k}"));

        assertThat(checked.ok()).isTrue();
    }
}
