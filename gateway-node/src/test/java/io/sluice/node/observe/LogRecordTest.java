package io.sluice.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.ExchangeFixture;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogRecordTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void describesRequestAndResponse() throws IOException {
        var exchange = ExchangeFixture.get("/a?b=c&b=d&e&f=")
                .header("X-One", "1")
                .header("X-Two", "1")
                .header("x-two", "2")
                .header("Authorization", "Basic c2VjcmV0")
                .header("Proxy-Authorization", "Basic c2VjcmV0")
                .responds(418, "X-R", "r");

        assertThat(record(exchange).get("request"))
                .isEqualTo(json("{'id':'" + ExchangeFixture.ID + "','method':'GET','uri':'/a?b=c&b=d&e&f=',"
                        + "'url':'http://example.com:80/a?b=c&b=d&e&f=',"
                        + "'querystring':{'b':['c','d'],'e':true,'f':''},"
                        + "'headers':{'host':'example.com','x-one':'1','x-two':['1','2'],"
                        + "'authorization':'REDACTED','proxy-authorization':'REDACTED'},"
                        + "'size':" + exchange.request().size() + "}"));
        assertThat(record(exchange).get("response"))
                .isEqualTo(json("{'status':418,'headers':{'x-r':'r'},'size':"
                        + exchange.response().size() + "}"));
        assertThat(new String(LogRecord.of(exchange))).doesNotContain("c2VjcmV0", "\n");
    }

    @Test
    void masksCredentialsWhereverTheyAre() throws IOException {
        var exchange = ExchangeFixture.get("/a?jwt=s3cret&b=c")
                .header("apikey", "s3cret")
                .header("Referer", "http://x/?access_token=s3cret")
                .tries(new Exchange.Try("10.0.0.1", 80, 0, 0, Optional.empty(), 0))
                .responds(200);

        var record = record(exchange);

        assertThat(record.toString()).doesNotContain("s3cret");
        assertThat(record.at("/request/uri").asText()).isEqualTo("/a?jwt=REDACTED&b=c");
        assertThat(record.at("/request/querystring")).isEqualTo(json("{'jwt':'REDACTED','b':'c'}"));
        assertThat(record.at("/request/headers/apikey").asText()).isEqualTo("REDACTED");
        assertThat(record.at("/upstream_uri").asText()).isEqualTo("/a?jwt=REDACTED&b=c");
    }

    @Test
    void tellsTimesAndTries() throws IOException {
        var exchange = ExchangeFixture.get("/a?b")
                .timings(new Exchange.Timings(1, 20, 30, 4))
                .tries(
                        new Exchange.Try(
                                "10.0.0.1", 80, 1_700_000_000_123_456_789L, 2_000_000, Optional.of("next"), 502),
                        new Exchange.Try("10.0.0.2", 81, 1_700_000_000_200_000_000L, 3_500_000, Optional.empty(), 0))
                .startedAt(1_700_000_000_100L)
                .responds(200);

        var record = record(exchange);

        assertThat(record.get("latencies")).isEqualTo(json("{'kong':1,'proxy':20,'request':30,'receive':4}"));
        assertThat(record.get("tries"))
                .isEqualTo(json("[{'ip':'10.0.0.1','port':80,'balancer_start':1700000000123,"
                        + "'balancer_start_ns':1700000000123456789,'balancer_latency':2,"
                        + "'balancer_latency_ns':2000000,'state':'next','code':502},"
                        + "{'ip':'10.0.0.2','port':81,'balancer_start':1700000000200,"
                        + "'balancer_start_ns':1700000000200000000,'balancer_latency':3,"
                        + "'balancer_latency_ns':3500000}]"));
        assertThat(record.get("upstream_status").asText()).isEqualTo("502, 200");
        assertThat(record.get("upstream_uri").asText()).isEqualTo("/a?b");
        assertThat(record.get("started_at").asLong()).isEqualTo(1_700_000_000_100L);
        assertThat(record.get("source").asText()).isEqualTo("upstream");
    }

    @Test
    void namesTheEntitiesThatServedTheRequest() throws IOException {
        var exchange = ExchangeFixture.get("/")
                .route(ConfigFixture.route("r", "s"))
                .service(ConfigFixture.service("s"))
                .consumer(ConfigFixture.consumer("ann", "4711"));

        var record = record(exchange);

        assertThat(record.get("route").get("name").asText()).isEqualTo("r");
        assertThat(record.get("route").get("service").get("id").asText())
                .isEqualTo(ConfigFixture.id("s").toString());
        assertThat(record.get("route").get("paths")).isEqualTo(json("['/']"));
        assertThat(record.get("service").get("host").asText()).isEqualTo("s.internal");
        assertThat(record.get("consumer"))
                .isEqualTo(json("{'id':'" + ConfigFixture.id("ann")
                        + "','username':'ann','custom_id':'4711','created_at':0,'updated_at':0}"));
        assertThat(record.get("authenticated_entity").get("consumer_id").asText())
                .isEqualTo(ConfigFixture.id("ann").toString());
        assertThat(record.get("workspace_name").asText()).isEqualTo("default");
    }

    @Test
    void holdsWhatPluginsAdd() throws IOException {
        var exchange = ExchangeFixture.get("/").responds(200);
        exchange.logField("rate_limiting_dry_run", "admitted");
        exchange.logField("rate_limiting_dry_run", "refused");

        assertThat(record(exchange).get("rate_limiting_dry_run").asText()).isEqualTo("refused");
    }

    @Test
    void leavesOutWhatDidNotHappen() throws IOException {
        var record = record(ExchangeFixture.get("/"));

        assertThat(record.has("route")).isFalse();
        assertThat(record.has("consumer")).isFalse();
        assertThat(record.has("authenticated_entity")).isFalse();
        assertThat(record.has("upstream_status")).isFalse();
        assertThat(record.get("tries")).isEmpty();
        assertThat(record.get("request").has("tls")).isFalse();
    }

    @Test
    void tellsTheTlsOfTheClient() throws IOException {
        var tls = new LogRecord.Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "NONE");

        assertThat(JSON.readTree(LogRecord.of(ExchangeFixture.get("/"), tls))
                        .get("request")
                        .get("tls"))
                .isEqualTo(json("{'version':'TLSv1.3','cipher':'TLS_AES_256_GCM_SHA384','client_verify':'NONE'}"));
    }

    @Test
    void anythingAClientSendsStaysInsideItsString() throws IOException {
        var exchange = ExchangeFixture.get("/\"}\n{\"a\":\"\u001b[2J").header("X-A", "caf\u00c3\u00a9 \u00ff");

        var bytes = new String(LogRecord.of(exchange));

        assertThat(bytes).doesNotContain("\n", "\u001b");
        assertThat(record(exchange).get("request").get("uri").asText()).isEqualTo("/\"}\n{\"a\":\"\u001b[2J");
    }

    private static JsonNode record(ExchangeFixture exchange) throws IOException {
        return JSON.readTree(LogRecord.of(exchange));
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
