package io.sluice.node.config.document;

import static io.sluice.node.config.document.DocumentFixture.config;
import static io.sluice.node.config.document.DocumentFixture.pem;
import static io.sluice.node.config.document.DocumentFixture.read;
import static io.sluice.node.config.document.DocumentFixture.reader;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Credential;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.PluginConfig;
import io.sluice.state.model.Problem;
import io.sluice.state.model.RouterFlavor;
import io.sluice.state.model.kind.StableId;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclarativeReaderTest {

    @ParameterizedTest
    @CsvSource({
        "services,  my-service, 0855b320-0dd2-547d-891d-601e9b38647f",
        "routes,    my-route,   481a9539-f49c-51b6-b2e2-fe99ee68866c",
        "consumers, my-user,    4b1b701d-de2b-5588-9aa2-3b97061d9f52"
    })
    void derivesTheIdsThatKongDerives(String kind, String name, String id) {
        assertThat(StableId.of(kind, name)).hasToString(id);
    }

    @Test
    void keepsIdsOverReloadsAndOrder() {
        String first = "routes: [{paths: [/a]}, {paths: [/b]}]";
        String second = "routes: [{paths: [/b]}, {paths: [/a]}]";

        assertThat(config(first).routes())
                .containsExactlyInAnyOrderElementsOf(config(second).routes());
    }

    @Test
    void allNodesAgreeOnTheIdsOfPlugins() {
        String yaml = """
                _format_version: '3.0'
                services:
                - {host: a, plugins: [{name: rate-limiting, config: {minute: 1}}]}
                routes:
                - {paths: [/a], plugins: [{name: rate-limiting, config: {minute: 1}}]}
                consumers:
                - {username: u, plugins: [{name: rate-limiting, config: {minute: 1}}]}
                plugins:
                - {name: rate-limiting, config: {minute: 1}}
                """;
        InstantSource later = () -> DocumentFixture.CLOCK.instant().plusSeconds(5);
        var other = new DeclarativeReader(DocumentFixture.check(), new Random(8), later, DocumentLimits.DEFAULT);

        var here = ids(reader().read(yaml, TextFormat.YAML));
        var there = ids(other.read(yaml, TextFormat.YAML));

        assertThat(here).hasSize(4).doesNotHaveDuplicates().isEqualTo(there);
    }

    private static List<UUID> ids(ReadResult result) {
        return result.config().orElseThrow().plugins().stream()
                .map(PluginConfig::id)
                .toList();
    }

    @Test
    void givesTwinsDifferentIds() {
        var routes = config("routes: [{paths: [/a]}, {paths: [/a]}]").routes();

        assertThat(routes.get(0).id()).isNotEqualTo(routes.get(1).id());
    }

    @Test
    void keepsSecretsOutOfIds() {
        var one = config("consumers: [{username: u, keyauth_credentials: [{key: a}]}]");
        var other = config("consumers: [{username: u, keyauth_credentials: [{key: b}]}]");

        assertThat(one.credentials().get(0).id())
                .isEqualTo(other.credentials().get(0).id());
    }

    @Test
    void hashesPasswordsWithTheConsumersId() {
        var config = config("""
                consumers:
                - username: u
                  id: 4b1b701d-de2b-5588-9aa2-3b97061d9f52
                  basicauth_credentials: [{username: bob, password: hello}]
                """);

        var credential = (Credential.BasicAuth) config.credentials().get(0);
        assertThat(credential.password())
                .isEqualTo(StoredForm.hex("SHA-1", "hello4b1b701d-de2b-5588-9aa2-3b97061d9f52".getBytes()));
    }

    @Test
    void leavesPasswordsOfADumpAlone() {
        var config = config(
                "_transform: false\nconsumers: [{username: u, basicauth_credentials: [{username: b, password: stored}]}]");

        assertThat(((Credential.BasicAuth) config.credentials().get(0)).password())
                .isEqualTo("stored");
    }

    @Test
    void drawsKeysAndSecretsThatAreNotGiven() {
        var config =
                config("consumers: [{username: u, keyauth_credentials: [{tags: [x]}], jwt_secrets: [{tags: [y]}]}]");

        assertThat(((Credential.KeyAuth) config.credentials().get(0)).key()).matches("[0-9A-Za-z]{32}");
        assertThat(((Credential.JwtSecret) config.credentials().get(1)).secret())
                .matches("[0-9A-Za-z]{32}");
    }

    @Test
    void hashesClientSecretsOnDemand() {
        var config = config(
                "consumers: [{username: u, oauth2_credentials: [{name: n, client_secret: s, hash_secret: true}]}]");

        assertThat(((Credential.OAuth2) config.credentials().get(0)).clientSecret())
                .matches("\\$pbkdf2-sha512\\$i=10000,l=32\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    }

    @Test
    void countsNothingAsEmpty() {
        assertThat(read("").config()).contains(GatewayConfig.EMPTY);
        assertThat(read("services: []").config()).contains(GatewayConfig.EMPTY);
    }

    @Test
    void identifiesATextByItsMd5() {
        String text = "_format_version: '3.0'\nservices: [{name: s, host: h}]";

        assertThat(reader().read(text, TextFormat.YAML).config().orElseThrow().hash())
                .isEqualTo("ac12327384bcff31fc3040895405567b");
    }

    @Test
    void warnsAboutStateOfKongs() {
        var result = read("workspaces: [{name: default}]\nservices: [{name: s, host: h}]");

        assertThat(result.config()).isPresent();
        assertThat(result.warnings())
                .containsExactly(
                        new Problem("document", "workspaces", "ignored: it is state of Kong's, not configuration"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"_format_version\": \"3.0\", \"services\": [{\"host\": \"h\"}]}",
                "_format_version: '3.0'\nservices:\n- host: h\n",
                "{_format_version: '3.0', services: [{host: h}]}"
            })
    void takesJsonAndYaml(String text) {
        assertThat(reader().read(text, TextFormat.ANY).config().orElseThrow().services())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1, \"a\": 2}         | JSON | line 1, column 16: key 'a' is given twice",
                "{\"a\": hidden}              | JSON | line 1, column 7: not valid JSON",
                "{\"a\": 1} {}                | JSON | line 1, column 11: expected nothing behind the document",
                "[1]                          | JSON | expected an object",
                "{\"a\":                      | JSON | line 1, column 6: not valid JSON",
                "''                           | YAML | expected an object",
                "text                         | YAML | expected an object",
                "{a: 1, a: 2}                 | YAML | line 1, column 8: key 'a' is given twice",
                "{a: *x}                      | YAML | line 1, column 5: found undefined alias",
                "a: !!java.net.URL [b]        | YAML | line 1, column 4: unknown tag",
                "{[1]: 2}                     | YAML | line 1, column 2: a key must be a string",
                "a: 'hidden                   | YAML | line 1, column 11: found unexpected end of stream"
            })
    void saysWhereATextIsNoDocument(String text, TextFormat format, String reason) {
        var problems = reader().read(text, format).problems();

        assertThat(problems)
                .containsExactly(new Problem("document", "", "failed parsing declarative configuration: " + reason));
    }

    @Test
    void refusesAliasesThatMultiply() {
        String bomb = "a0: &a0 [x, x]\n"
                + IntStream.rangeClosed(1, 60)
                        .mapToObj(i -> "a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n")
                        .collect(Collectors.joining());

        var problems = reader(new DocumentLimits(1 << 20, 100, 100_000))
                .read(bomb, TextFormat.YAML)
                .problems();

        assertThat(problems).singleElement().asString().contains("more than 100000 values");
    }

    @Test
    void refusesMergesThatMultiply() {
        String bomb = "a0: &a0 {x: 1}\n"
                + IntStream.rangeClosed(1, 60)
                        .mapToObj(i -> "a" + i + ": &a" + i + " {<<: [*a" + (i - 1) + ", *a" + (i - 1) + "]}\n")
                        .collect(Collectors.joining());

        var problems = reader(new DocumentLimits(1 << 20, 100, 100_000))
                .read(bomb, TextFormat.YAML)
                .problems();

        assertThat(problems).singleElement().asString().contains("more than 100000 values");
    }

    @Test
    void refusesAnchorsThatContainThemselves() {
        assertThat(reader().read("a: &a [*a]", TextFormat.YAML).problems())
                .singleElement()
                .asString()
                .contains("nested deeper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void refusesDeepNesting(String opening) {
        String deep = "{\"services\": " + opening.repeat(5000);

        assertThat(reader().read(deep, TextFormat.ANY).problems()).hasSize(1);
        assertThat(reader().read(deep, TextFormat.YAML).problems()).hasSize(1);
    }

    @Test
    void refusesTooLongTexts() {
        var reader = reader(new DocumentLimits(10, 10, 10));

        assertThat(reader.read("a".repeat(11), TextFormat.ANY).problems())
                .singleElement()
                .asString()
                .contains("longer than 10 characters");
    }

    @Test
    void readsYamlScalarsAsKongDoes() throws DocumentException {
        Object tree = YamlDocument.read(
                "[yes, Off, 0x1f, 017, 1_000, 1.5, 1e3, ~, 2026-01-01, 12:30, '1', 12345678901234567890]",
                DocumentLimits.DEFAULT);

        assertThat(tree)
                .isEqualTo(Arrays.asList(
                        true,
                        false,
                        31L,
                        15L,
                        1000L,
                        1.5,
                        1e3,
                        null,
                        "2026-01-01",
                        "12:30",
                        "1",
                        1.2345678901234567E19));
    }

    @Test
    void mergesMappings() throws DocumentException {
        Object tree = YamlDocument.read(
                "a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\nc: {<<: [{x: 5}, *a]}", DocumentLimits.DEFAULT);

        assertThat(tree)
                .isEqualTo(Map.of(
                        "a", Map.of("x", 1L, "y", 1L), "b", Map.of("x", 1L, "y", 2L), "c", Map.of("x", 5L, "y", 1L)));
    }

    @Test
    void takesFilterChainsOnlyIfThereAreNone() {
        assertThat(read("filter_chains: []").problems()).isEmpty();
        assertThat(read("filter_chains: [{filters: [{name: f}]}]").problems())
                .containsExactly(new Problem(
                        "document",
                        "filter_chains",
                        "WebAssembly filters are not run by this gateway (expected: none)"));
    }

    @Test
    void tellsOfABadExpressionBesidesOtherProblemsOfItsRoute() {
        var result = read("""
                routes: [{name: r1, paths: [a, '~/a(', '~/ok', //, 7], methods: x, headers: {a: ['~*(']}}]
                """);

        assertThat(result.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("methods", "paths.1", "paths.2", "paths.4", "paths.5", "");
        assertThat(result.problems())
                .contains(new Problem("route 'r1'", "paths.2", "invalid regex: '/a(' (missing closing ))"));
    }

    @Test
    void namesObjectFieldAndReason() {
        var result = read("""
                services: [{host: h}, {host: 'h:1'}]
                routes: [{name: r1, paths: ['~/a(']}]
                plugins: [{name: nope}, {name: pre-function}]
                """);

        assertThat(result.problems())
                .containsExactlyInAnyOrder(
                        new Problem("services[1]", "host", "must not have a port"),
                        new Problem("route 'r1'", "paths.1", "invalid regex: '/a(' (missing closing ))"),
                        new Problem(
                                "plugins[0]",
                                "name",
                                "plugin 'nope' not enabled; add it to the 'plugins' configuration property (expected: one of http-log, key-auth, rate-limiting)"),
                        new Problem(
                                "plugins[1]",
                                "name",
                                "plugin 'pre-function' runs Lua code, which this gateway does not"));
    }

    @Test
    void refusesExpressionsThatNeedBacktrackingUnlessTheRouterIsTraditional() {
        String path = "routes: [{name: r, paths: ['~/(?=a)']}]";
        String header = "routes: [{name: r, headers: {x: ['~*(a)\\1']}}]";

        assertThat(reasons(read(path))).singleElement().asString().startsWith("Router Expression failed validation: ");
        assertThat(reasons(read(header)))
                .singleElement()
                .asString()
                .startsWith("Router Expression failed validation: ");
        assertThat(reasons(traditional(path))).isEmpty();
        assertThat(reasons(traditional(header))).isEmpty();
    }

    @Test
    void refusesWildcardServerNamesForTheTraditionalRouter() {
        String route = "routes: [{name: r, protocols: [https], snis: ['*.a']}]";

        assertThat(reasons(read(route))).isEmpty();
        assertThat(reasons(traditional(route))).containsExactly("invalid value: *.a");
    }

    @Test
    void refusesConsumerScopeWhereThePluginHasNone() {
        var result = read("consumers: [{username: u, plugins: [{name: key-auth}]}]");

        assertThat(result.problems())
                .containsExactly(new Problem("consumers[0].plugins[0]", "consumer", "value must be null"));
    }

    @Test
    void acceptsKeysAndCertificatesOfAllKinds() {
        for (List<String> pair : List.of(
                List.of("rsa.crt", "rsa.key"),
                List.of("rsa.crt", "rsa-pkcs1.key"),
                List.of("ec.crt", "ec-sec1.key"),
                List.of("ed25519.crt", "ed25519.key"))) {
            var result = certificate(Map.of("cert", pem(pair.get(0)), "key", pem(pair.get(1))));

            assertThat(result.problems()).as("%s", pair).isEmpty();
        }
        assertThat(certificate(Map.of(
                                "cert", pem("rsa.crt"),
                                "key", pem("rsa.key"),
                                "cert_alt", pem("ec.crt"),
                                "key_alt", pem("ec-sec1.key")))
                        .problems())
                .isEmpty();
    }

    @Test
    void refusesCertificatesThatDoNotFit() {
        assertThat(reasons(certificate(Map.of("cert", pem("rsa.crt"), "key", pem("ec-sec1.key")))))
                .containsExactly("certificate does not match key");
        assertThat(reasons(certificate(Map.of("cert", pem("rsa.crt"), "key", "not a key"))))
                .containsExactly("invalid key: no private key in PEM found");
        assertThat(reasons(certificate(Map.of("cert", "x", "key", pem("rsa.key")))))
                .containsExactly("invalid certificate: no certificate in PEM found");
        assertThat(reasons(certificate(Map.of(
                        "cert", pem("rsa.crt"),
                        "key", pem("rsa.key"),
                        "cert_alt", pem("rsa.crt"),
                        "key_alt", pem("rsa.key")))))
                .singleElement()
                .asString()
                .contains("need to have different type");
    }

    @Test
    void checksAuthorities() {
        assertThat(authority(pem("ca.crt"))
                        .config()
                        .orElseThrow()
                        .caCertificates()
                        .get(0)
                        .certDigest())
                .matches("[0-9a-f]{64}");
        assertThat(reasons(authority(pem("ca.crt") + pem("ca.crt"))))
                .containsExactly("please submit only one certificate at a time");
        assertThat(reasons(authority(pem("ec.crt"))))
                .containsExactly(
                        "certificate does not appear to be a CA because it is missing the \"CA\" basic constraint");
    }

    @Test
    void refusesTheSameAuthorityTwice() {
        var root = new LinkedHashMap<String, Object>(Map.of(
                "_format_version",
                "3.0",
                "ca_certificates",
                List.of(Map.of("cert", pem("ca.crt"), "tags", List.of("a")), Map.of("cert", pem("ca.crt")))));

        assertThat(reasons(reader().read(root, "0")))
                .singleElement()
                .asString()
                .startsWith("uniqueness violation: 'ca_certificates' entity with cert_digest set to");
    }

    @Test
    void checksKeysOfSetsAndTokens() {
        assertThat(read("keys: [{kid: k, jwk: '{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"k\"}'}]")
                        .problems())
                .isEmpty();
        assertThat(reasons(read("keys: [{kid: k, jwk: '{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"x\"}'}]")))
                .containsExactly("kid in jwk.kid must be equal to keys.kid");
        assertThat(reasons(read("keys: [{kid: k, jwk: 'nonsense'}]")))
                .containsExactly("could not json decode jwk string");
        assertThat(reasons(read("keys: [{kid: k, pem: {public_key: x}}]")))
                .containsExactly("could not load public key");
        assertThat(reasons(read(
                        "consumers: [{username: u, jwt_secrets: [{algorithm: RS256, key: k, rsa_public_key: x}]}]")))
                .containsExactlyInAnyOrder(
                        "invalid key", "failed conditional validation given value of field 'algorithm'");
    }

    @Test
    void neverRepeatsSecretsInProblems() {
        var result = read("""
                consumers:
                - username: u
                  keyauth_credentials: [{key: hidden-1}, {key: hidden-1}]
                  basicauth_credentials: [{username: b, password: hidden-2, colour: red}]
                certificates: [{cert: x, key: hidden-3}]
                plugins: [{name: http-log, config: {http_endpoint: "hidden 4"}}]
                """);

        assertThat(result.problems()).hasSize(5);
        assertThat(result.problems().toString()).doesNotContain("hidden");
    }

    @Test
    void showsErrorsInKongsWords() {
        var result = read("services: [{host: h, name: foo}, {host: h, name: foo}]");

        assertThat(result.errors().body(false))
                .containsEntry(
                        "message",
                        "declarative config is invalid: {services={[2]=\"uniqueness violation: 'services' entity with name "
                                + "set to 'foo' already declared\"}}")
                .containsEntry("code", 14L);
        assertThat(result.errors().body(true)).containsEntry("message", "declarative config is invalid: {}");
    }

    private static ReadResult traditional(String yaml) {
        var check = new EntityCheck(DocumentFixture.PLUGINS, RouterFlavor.TRADITIONAL, DocumentFixture.CLOCK);
        return new DeclarativeReader(check, new Random(1), DocumentFixture.CLOCK, DocumentLimits.DEFAULT)
                .read("_format_version: '3.0'\n" + yaml, TextFormat.YAML);
    }

    private static ReadResult certificate(Map<String, Object> fields) {
        return reader().read(
                        new LinkedHashMap<>(Map.of("_format_version", "3.0", "certificates", List.of(fields))), "0");
    }

    private static ReadResult authority(String pem) {
        return reader().read(
                        new LinkedHashMap<>(
                                Map.of("_format_version", "3.0", "ca_certificates", List.of(Map.of("cert", pem)))),
                        "0");
    }

    private static List<String> reasons(ReadResult result) {
        return result.problems().stream().map(Problem::reason).toList();
    }
}
