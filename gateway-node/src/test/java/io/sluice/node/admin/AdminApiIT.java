package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.config.Candidate;
import io.sluice.node.config.Outcome;
import io.sluice.node.config.document.ConfigErrors;
import io.sluice.node.config.document.TextFormat;
import io.sluice.state.limit.disk.Durability;
import io.sluice.state.model.GatewayConfig;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiIT {

    private static ApiFixture api;

    @BeforeAll
    static void bind() throws Exception {
        api = new ApiFixture(Map.of("KONG_NGINX_ADMIN_CLIENT_MAX_BODY_SIZE", "64k"));
    }

    @AfterAll
    static void unbind() throws Exception {
        api.close();
    }

    @BeforeEach
    void startWithTheSmallConfiguration() {
        api.config = ConfigFixture.small();
    }

    @Test
    void rootSaysWhatToolsDecideBy() throws Exception {
        Map<?, ?> root = object(api.get("/"));

        assertThat(root.get("version")).asString().startsWith("3.9.");
        assertThat(root.get("tagline")).isEqualTo("Welcome to kong");
        assertThat(root.get("node_id")).isEqualTo(ApiFixture.NODE.toString());
        assertThat((Map<String, Object>) cast(root.get("configuration")))
                .containsEntry("database", "off")
                .containsEntry("router_flavor", "traditional_compatible");
    }

    @Test
    void everyAnswerSaysWhoAnsweredAndHowLongItTook() throws Exception {
        HttpResponse<String> response = api.get("/status");

        assertThat(response.headers().firstValue("Server")).contains("kong/3.9.3");
        assertThat(response.headers().firstValue("X-Kong-Admin-Latency"))
                .hasValueSatisfying(millis -> assertThat(Long.parseLong(millis)).isNotNegative());
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).isEqualToIgnoringCase("application/json; charset=utf-8"));
    }

    @Test
    void entityShowsEveryField() throws Exception {
        Map<?, ?> service = object(api.get("/services/echo"));

        assertThat(service.get("id")).isEqualTo(ConfigFixture.SERVICE.toString());
        assertThat(service.get("retries")).isEqualTo(5L);
        assertThat(service.containsKey("path")).isTrue();
        assertThat(service.get("path")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/services/00000000-0000-0001-0000-000000000001",
                "/services/echo/",
                "/routes/r/service",
                "/routes/00000000-0000-0002-0000-000000000001/service"
            })
    void serviceIsFoundByIdNameAndThroughItsRoute(String path) throws Exception {
        assertThat(object(api.get(path)).get("name")).isEqualTo("echo");
    }

    @Test
    void routesOfAServiceAreListedBelowIt() throws Exception {
        assertThat(names(api.get("/services/echo/routes"))).containsExactly("r");
        assertThat(object(api.get("/services/echo/routes/r")).get("name")).isEqualTo("r");
        assertThat(api.get("/services/nobody/routes").statusCode()).isEqualTo(404);
    }

    @Test
    void consumersAreFoundByCustomId() throws Exception {
        assertThat(data(api.get("/consumers?custom_id=42"))).hasSize(1);
        assertThat(data(api.get("/consumers?custom_id=43"))).isEmpty();
    }

    @Test
    void pagesLeadToEachOtherUntilTheLast() throws Exception {
        api.config = ConfigFixture.services(5);

        Map<?, ?> first = object(api.get("/services?size=2"));
        Map<?, ?> second = object(api.get(String.valueOf(first.get("next"))));
        Map<?, ?> third = object(api.get(String.valueOf(second.get("next"))));

        assertThat(names(first)).containsExactly("s0", "s1");
        assertThat(names(second)).containsExactly("s2", "s3");
        assertThat(names(third)).containsExactly("s4");
        assertThat(third.get("next")).isNull();
        assertThat(third.containsKey("offset")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"all;odd, 2", "all;even, 3", "odd/even, 5", "none, 0"})
    void tagsSelect(String tags, int count) throws Exception {
        api.config = ConfigFixture.services(5);

        assertThat(data(api.get("/services?tags=" + tags.replace(';', ',')))).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({
        "size=0, 9",
        "size=1001, 9",
        "size=x, 9",
        "tags=a%2Cb/c, 11",
        "tags=, 11",
        "offset=%25, 7",
        "offset=abcd, 7"
    })
    void malformedListArgumentsAreRefusedWithKongsCodes(String query, long code) throws Exception {
        HttpResponse<String> response = api.get("/services?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(object(response).get("code")).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /services, create",
        "PUT, /services/new, create or update",
        "PATCH, /services/echo, update",
        "DELETE, /services/echo, remove",
        "POST, /services/echo/routes, create"
    })
    void writesAreRefusedWithoutADatabase(String method, String path, String verb) throws Exception {
        HttpResponse<String> response = api.send(method, path, "application/json", "{\"host\":\"h\"}");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(object(response).get("code")).isEqualTo(12L);
        assertThat(object(response).get("message"))
                .asString()
                .startsWith("cannot " + verb + " '")
                .endsWith("entities when not using a database");
    }

    @Test
    void removingWhatIsNotThereIsDone() throws Exception {
        assertThat(api.send("DELETE", "/services/nobody", "", "").statusCode()).isEqualTo(204);
    }

    @Test
    void unknownPathsAndMethodsAreToldApart() throws Exception {
        HttpResponse<String> unknown = api.get("/nothing/here");
        HttpResponse<String> wrong = api.send("DELETE", "/status", "", "");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"message\":\"Not found\"}");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.body()).isEqualTo("{\"message\":\"Method not allowed\"}");
        assertThat(api.get("/targets").statusCode()).isEqualTo(404);
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        HttpResponse<String> response = api.send("HEAD", "/services", "", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                .isPositive();
    }

    @Test
    void optionsSaysWhatIsAllowed() throws Exception {
        HttpResponse<String> response = api.send("OPTIONS", "/services", "", "");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS, POST");
        assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("GET, HEAD, OPTIONS, POST");
    }

    @Test
    void pagesOfForeignOriginsNeitherReadNorWrite() throws Exception {
        HttpResponse<String> read =
                api.send("GET", "/services", "", BodyPublishers.noBody(), "Origin", "https://evil.example");
        HttpResponse<String> written = api.send(
                "POST", "/config", "text/yaml", BodyPublishers.ofString("a: 1"), "Origin", "https://evil.example");
        HttpResponse<String> local =
                api.send("GET", "/services", "", BodyPublishers.noBody(), "Origin", "http://localhost:8002");

        assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(written.statusCode()).isEqualTo(403);
        assertThat(local.headers().firstValue("Access-Control-Allow-Origin")).contains("http://localhost:8002");
        assertThat(local.headers().firstValue("Access-Control-Allow-Credentials"))
                .contains("true");
    }

    @Test
    void tagsAreListedWithWhatCarriesThem() throws Exception {
        assertThat(data(api.get("/tags"))).hasSize(2);
        assertThat(object(api.get("/tags/a")).get("data"))
                .isEqualTo(List.of(
                        Map.of("entity_name", "services", "entity_id", ConfigFixture.SERVICE.toString(), "tag", "a")));
    }

    @Test
    void targetsShowTheirHealth() throws Exception {
        List<?> targets = data(api.get("/upstreams/up/health"));

        assertThat(targets)
                .hasSize(2)
                .allSatisfy(
                        target -> assertThat(((Map<?, ?>) target).get("health")).isEqualTo("HEALTHCHECKS_OFF"));
        assertThat(data(api.get("/upstreams/up/targets"))).hasSize(2);
        assertThat(object(api.get("/upstreams/up/targets/127.0.0.1:9001")).get("weight"))
                .isEqualTo(100L);
    }

    @Test
    void schemasAreShownAndUnknownOnesNamed() throws Exception {
        assertThat(object(api.get("/schemas/routes"))).containsKey("fields");
        assertThat(api.get("/schemas/plugins/limit").body())
                .contains("\"minute\"")
                .contains("\"config\"");
        assertThat(object(api.get("/plugins/schema/limit"))).containsOnlyKeys("fields");
        assertThat(api.get("/schemas/nothing").body()).isEqualTo("{\"message\":\"No entity named 'nothing'\"}");
        assertThat(api.get("/schemas/plugins/nothing").body()).isEqualTo("{\"message\":\"No plugin named 'nothing'\"}");
    }

    @Test
    void theVaultsBackendIsShownAndItsSettingsAreChecked() throws Exception {
        HttpResponse<String> good = api.send(
                "POST", "/schemas/vaults/validate", "application/json", "{\"name\":\"env\",\"prefix\":\"my\"}");
        HttpResponse<String> bad = api.send(
                "POST", "/schemas/vaults/validate", "application/json", "{\"name\":\"aws\",\"prefix\":\"my\"}");

        assertThat(object(api.get("/schemas/vaults/env"))).containsEntry("name", "env");
        assertThat(api.get("/schemas/vaults/env").body()).contains("\"config\"", "\"prefix\"");
        assertThat(api.get("/schemas/vaults/aws").statusCode()).isEqualTo(404);
        assertThat(api.get("/schemas/vaults/aws").body()).isEqualTo("{\"message\":\"No vault named 'aws'\"}");
        assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(object(bad).get("fields")).isEqualTo(Map.of("name", "vault 'aws' is not installed"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /clustering/data-planes, 400",
        "GET, /clustering/status, 400",
        "GET, /cache/some, 404",
        "DELETE, /cache/some, 204",
        "DELETE, /cache, 204",
        "PUT, /debug/cluster/log-level/debug, 405",
        "POST, /cache/some, 405",
        "GET, /filter-chains, 400",
        "POST, /filter-chains, 400",
        "DELETE, /filter-chains/some, 400",
        "GET, /oauth2_tokens/some, 404",
        "PATCH, /oauth2_tokens/some, 404",
        "DELETE, /oauth2_tokens/some, 204",
        "PUT, /oauth2_tokens/some, 405",
        "POST, /oauth2_tokens, 405",
        "GET, /oauth2_tokens?size=0, 400",
        "GET, /services/none/oauth2_tokens, 404"
    })
    void partsThatAreNotThereAnswerAsUnused(String method, String path, int status) throws Exception {
        assertThat(api.send(method, path, "", "").statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/oauth2_tokens", "/services/echo/oauth2_tokens", "/services/echo/filter-chains", "/oauth2"})
    void partsThatAreNotThereHaveEmptyLists(String path) throws Exception {
        assertThat(api.get(path).body()).isEqualTo("{\"data\":[],\"next\":null}");
    }

    @Test
    void entityIsValidatedWithoutBeingKept() throws Exception {
        HttpResponse<String> good =
                api.send("POST", "/schemas/routes/validate", "application/json", "{\"paths\":[\"/a\"]}");
        HttpResponse<String> bad =
                api.send("POST", "/schemas/services/validate", "application/json", "{\"host\":\"h\",\"port\":\"x\"}");

        assertThat(good.body()).isEqualTo("{\"message\":\"schema validation successful\"}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(object(bad).get("message")).isEqualTo("schema violation (port: expected an integer)");
        assertThat(object(bad).get("fields")).isEqualTo(Map.of("port", "expected an integer"));
    }

    @Test
    void pluginIsValidatedByItsOwnSettings() throws Exception {
        HttpResponse<String> form = api.send(
                "POST", "/schemas/plugins/validate", "application/x-www-form-urlencoded", "name=limit&config.minute=5");
        HttpResponse<String> bad = api.send(
                "POST",
                "/schemas/plugins/validate",
                "application/json",
                "{\"name\":\"limit\",\"config\":{\"minute\":0}}");
        HttpResponse<String> unknown =
                api.send("POST", "/schemas/plugins/validate", "application/json", "{\"name\":\"x\"}");

        assertThat(form.statusCode()).as(form.body()).isEqualTo(200);
        assertThat(object(bad).get("message"))
                .isEqualTo("schema violation (config.minute: value must be greater than 0)");
        assertThat(unknown.body()).contains("plugin 'x' not enabled");
    }

    @Test
    void configIsShownAsADocument() throws Exception {
        String yaml = String.valueOf(object(api.get("/config")).get("config"));

        assertThat(yaml).contains("_format_version: '3.0'", "name: echo", "service: " + ConfigFixture.SERVICE);
    }

    @Test
    void loadedConfigIsAnsweredByKindAndId() throws Exception {
        api.outcome = new Outcome.Live(ConfigFixture.small(), List.of());

        HttpResponse<String> response = api.send("POST", "/config?check_hash=1", "text/yaml", "_format_version: '3.0'");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat((Map<String, Object>) cast(object(response).get("services")))
                .containsOnlyKeys(ConfigFixture.SERVICE.toString());
        assertThat(api.loaded).isEqualTo(new Candidate.Text("_format_version: '3.0'", TextFormat.ANY));
        assertThat(api.checkedHash).isTrue();
    }

    @Test
    void configMayComeAsJsonDocumentAsTextInJsonAndAsForm() throws Exception {
        api.outcome = new Outcome.Unchanged(ConfigFixture.HASH);

        HttpResponse<String> json = api.send("POST", "/config", "application/json", "{\"_format_version\":\"3.0\"}");
        assertThat(api.loaded).isEqualTo(new Candidate.Tree(Map.of("_format_version", "3.0")));
        api.send("POST", "/config", "application/json", "{\"config\":\"a: 1\"}");
        assertThat(api.loaded).isEqualTo(new Candidate.Text("a: 1", TextFormat.ANY));
        api.send("POST", "/config", "application/x-www-form-urlencoded", "config=b%3A+1");
        assertThat(api.loaded).isEqualTo(new Candidate.Text("b: 1", TextFormat.ANY));
        String multipart = "--x\r\nContent-Disposition: form-data; name=\"config\"\r\n\r\nc: 1\r\n--x--\r\n";
        api.send("POST", "/config", "multipart/form-data; boundary=x", multipart);
        assertThat(api.loaded).isEqualTo(new Candidate.Text("c: 1", TextFormat.ANY));

        assertThat(json.statusCode()).isEqualTo(304);
    }

    @Test
    void rejectedConfigShowsItsProblemsAsATreeOrFlattened() throws Exception {
        api.outcome = new Outcome.Refused(ConfigErrors.whole("bad"));

        HttpResponse<String> tree = api.send("POST", "/config", "text/yaml", "a: 1");
        HttpResponse<String> flat = api.send("POST", "/config?flatten_errors=1", "text/yaml", "a: 1");

        assertThat(tree.statusCode()).isEqualTo(400);
        assertThat(object(tree).get("code")).isEqualTo(14L);
        assertThat(object(tree).get("fields")).isEqualTo(Map.of("error", "bad"));
        assertThat(object(tree)).doesNotContainKey("flattened_errors");
        assertThat(object(flat).get("flattened_errors")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, '{', 400",
        "application/json, '{}', 400",
        "application/json, '', 400",
        "text/yaml, '', 400",
        "image/png, x, 415"
    })
    void unusableConfigBodiesAreRefused(String type, String body, int status) throws Exception {
        assertThat(api.send("POST", "/config", type, body).statusCode()).isEqualTo(status);
    }

    @Test
    void bodiesBeyondTheLimitAreRefused() throws Exception {
        HttpResponse<String> response = api.send("POST", "/config", "text/yaml", "# " + "x".repeat(70_000));

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void logLevelIsShownAndChanged() throws Exception {
        api.level = "notice";

        assertThat(api.send("PUT", "/debug/node/log-level/debug", "", "").statusCode())
                .isEqualTo(200);
        assertThat(api.get("/debug/node/log-level").body()).isEqualTo("{\"message\":\"log level: debug\"}");
        assertThat(api.send("PUT", "/debug/node/log-level/loud", "", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void endpointsAndPluginsAreListed() throws Exception {
        assertThat(data(api.get("/endpoints"))).asString().contains("/services/{services}/routes/{routes}", "/config");
        assertThat(api.get("/plugins/enabled").body())
                .isEqualTo("{\"enabled_plugins\":[\"limit\",\"response-ratelimiting\"]}");
    }

    @Test
    void statusApiSaysWhetherTheNodeIsReady() throws Exception {
        try (ApiFixture own = new ApiFixture(Map.of())) {
            HttpResponse<String> ready = own.status("/status/ready");
            own.config = GatewayConfig.EMPTY;
            HttpResponse<String> empty = own.status("/status/ready");
            HttpResponse<String> drained = own.drain();
            HttpResponse<String> draining = own.status("/status/ready");

            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(empty.statusCode()).isEqualTo(503);
            assertThat(empty.body()).contains("no configuration available (empty configuration present)");
            assertThat(drained.statusCode()).isEqualTo(204);
            assertThat(draining.body()).contains("draining");
        }
    }

    @Test
    void statusApiHasStatusAndMetricsAndNothingToChangeWith() throws Exception {
        assertThat(object(api.status("/status"))).containsEntry("configuration_hash", ConfigFixture.HASH);
        assertThat(api.status("/metrics").body()).isEqualTo("# HELP x\nx 1\n");
        assertThat(api.status("/services").statusCode()).isEqualTo(404);
        assertThat(api.status("/upstreams/up/health").statusCode()).isEqualTo(200);
    }

    @Test
    void statusCountsMemoryInTheUnitAskedFor() throws Exception {
        assertThat(api.get("/status?unit=k&scale=1").body()).containsPattern("\"\\d+\\.\\d KiB\"");
        assertThat(api.get("/status?unit=x").statusCode()).isEqualTo(400);
    }

    @Test
    void statusTellsWhetherLimitsAreOnDisk() throws Exception {
        try (ApiFixture own = new ApiFixture(Map.of())) {
            String memory = own.status("/status").body();
            own.durability = new Durability(true, Optional.of("disk full"));
            String degraded = own.status("/status").body();

            assertThat(memory).contains("\"limits\":{\"storage\":\"memory\",\"degraded\":false}");
            assertThat(degraded)
                    .contains("\"limits\":{\"storage\":\"disk\",\"degraded\":true,\"reason\":\"disk full\"}");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(HttpResponse<String> response) throws IOException {
        return (Map<String, Object>) Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static List<?> data(HttpResponse<String> response) throws IOException {
        return (List<?>) object(response).get("data");
    }

    private static List<Object> names(HttpResponse<String> response) throws IOException {
        return names(object(response));
    }

    private static List<Object> names(Map<?, ?> list) {
        return ((List<?>) list.get("data"))
                .stream().<Object>map(one -> ((Map<?, ?>) one).get("name")).toList();
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(Object value) {
        return (T) value;
    }
}
