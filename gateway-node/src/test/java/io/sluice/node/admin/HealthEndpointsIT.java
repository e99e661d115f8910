package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.state.health.Cause;
import io.sluice.state.health.Evidence;
import io.sluice.state.health.HealthReport;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.NodeView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.health.OwnOpinion;
import io.sluice.state.health.TargetAddress;
import io.sluice.state.health.Verdict;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HealthEndpointsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ApiFixture api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiFixture(Map.of());
        api.config = ConfigFixture.checked();
        api.healths().down("127.0.0.1:9002");
        api.follow();
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
    }

    @Test
    void showsEachTargetWithItsAddressesAndWeights() throws Exception {
        JsonNode body = JSON.readTree(api.get("/upstreams/shop/health").body());

        JsonNode up = target(body, "127.0.0.1:9001");
        JsonNode down = target(body, "127.0.0.1:9002");
        assertThat(up.get("health").asText()).isEqualTo("HEALTHY");
        assertThat(up.get("data"))
                .isEqualTo(JSON.readTree("{\"host\":\"127.0.0.1\",\"port\":9001,\"dns\":\"A\",\"nodeWeight\":100,"
                        + "\"weight\":{\"total\":100,\"available\":100,\"unavailable\":0},\"addresses\":"
                        + "[{\"ip\":\"127.0.0.1\",\"port\":9001,\"weight\":100,\"health\":\"HEALTHY\"}]}"));
        assertThat(down.get("health").asText()).isEqualTo("UNHEALTHY");
        assertThat(down.at("/data/weight/unavailable").asInt()).isEqualTo(100);
        assertThat(body.get("node_id").asText()).isEqualTo(ApiFixture.NODE.toString());
    }

    @Test
    void saysWhichTargetHasNoAddress() throws Exception {
        JsonNode body = JSON.readTree(api.get("/upstreams/shop/health").body());

        JsonNode nowhere = target(body, "nowhere.test:80");
        assertThat(nowhere.get("health").asText()).isEqualTo("DNS_ERROR");
        assertThat(nowhere.at("/data/addresses")).isEmpty();
        assertThat(nowhere.at("/data/dns").asText()).isNotEmpty();
    }

    @Test
    void showsTheUpstreamAsAWhole() throws Exception {
        JsonNode data = JSON.readTree(
                        api.get("/upstreams/shop/health?balancer_health=1").body())
                .get("data");

        assertThat(data.get("health").asText()).isEqualTo("HEALTHY");
        assertThat(data.get("balancer_health").asText()).isEqualTo("HEALTHY");
        assertThat(data.at("/details/healthy").asBoolean()).isTrue();
        assertThat(data.at("/details/weight"))
                .isEqualTo(JSON.readTree("{\"total\":200,\"available\":100,\"unavailable\":100}"));
        assertThat(data.at("/details/hosts")).hasSize(3);
    }

    @Test
    void saysThatChecksAreOff() throws Exception {
        JsonNode targets = JSON.readTree(api.get("/upstreams/up/health").body()).get("data");
        JsonNode whole = JSON.readTree(
                        api.get("/upstreams/up/health?balancer_health=1").body())
                .get("data");

        assertThat(targets)
                .allSatisfy(one -> assertThat(one.get("health").asText()).isEqualTo("HEALTHCHECKS_OFF"));
        assertThat(whole.get("health").asText()).isEqualTo("HEALTHCHECKS_OFF");
        assertThat(whole.get("balancer_health").asText()).isEqualTo("HEALTHY");
    }

    @Test
    void takesMarksByHand() throws Exception {
        String id = target(JSON.readTree(api.get("/upstreams/shop/health").body()), "127.0.0.1:9001")
                .get("id")
                .asText();

        assertThat(mark("PUT", "/upstreams/shop/targets/127.0.0.1:9001/unhealthy"))
                .isEqualTo(204);
        assertThat(mark("POST", "/upstreams/shop/targets/" + id + "/127.0.0.1:9001/healthy"))
                .isEqualTo(204);

        assertThat(api.healths().marks)
                .containsSubsequence("127.0.0.1:9001 all false", "127.0.0.1:9001 127.0.0.1:9001 true");
    }

    @Test
    void refusesMarksOfWhatIsNotThere() throws Exception {
        assertThat(mark("PUT", "/upstreams/none/targets/127.0.0.1:9001/healthy"))
                .isEqualTo(404);
        assertThat(mark("PUT", "/upstreams/shop/targets/127.0.0.1:9999/healthy"))
                .isEqualTo(404);
        assertThat(mark("PUT", "/upstreams/shop/targets/127.0.0.1:9001/10.0.0.1:1/healthy"))
                .isEqualTo(404);
        assertThat(mark("PUT", "/upstreams/up/targets/127.0.0.1:9001/healthy")).isEqualTo(400);
    }

    @Test
    void tellsWhoFoundWhatAndWhy() throws Exception {
        TargetAddress address = new TargetAddress("shop", "127.0.0.1:9002", "127.0.0.1", 9002);
        Verdict verdict = new Verdict(address, 1, false, Cause.PROBES_REFUSED, 7, 1_500, "Connection refused");
        TargetView target = new TargetView(
                address,
                false,
                Optional.of(verdict),
                OwnOpinion.NONE,
                7,
                0,
                Evidence.NONE,
                new Evidence(0, 3, 0, 0),
                "refused: Connection refused");
        api.healths().report = new HealthReport(List.of(new NodeView(
                7,
                "10.0.0.1:7355",
                true,
                true,
                List.of(target),
                List.of(new GuardView("other", "open", 1_500, 7, List.of("a:80 10.0.0.1:80"))))));

        JsonNode body = JSON.readTree(api.status("/cluster/health").body());
        JsonNode other = JSON.readTree(api.get("/cluster/health?upstream=up").body());

        assertThat(body.at("/nodes/0/address").asText()).isEqualTo("10.0.0.1:7355");
        JsonNode shown = body.at("/nodes/0/targets/0");
        assertThat(shown.get("health").asText()).isEqualTo("UNHEALTHY");
        assertThat(shown.at("/verdict/reason").asText()).isEqualTo("probes_refused");
        assertThat(shown.at("/verdict/since").asText()).isEqualTo("1970-01-01T00:00:01.500Z");
        assertThat(shown.at("/verdict/found_by")).isEqualTo(shown.get("probed_by"));
        assertThat(shown.get("second").isNull()).isTrue();
        assertThat(shown.at("/probes/tcp_failures").asInt()).isEqualTo(3);
        assertThat(body.at("/nodes/0/guards/0/circuit/state").asText()).isEqualTo("open");
        assertThat(body.at("/nodes/0/guards/0/circuit/since").asText()).isEqualTo("1970-01-01T00:00:01.500Z");
        assertThat(body.at("/nodes/0/guards/0/circuit/found_by")).isEqualTo(shown.get("probed_by"));
        assertThat(body.at("/nodes/0/guards/0/ejected/0").asText()).isEqualTo("a:80 10.0.0.1:80");
        assertThat(other.at("/nodes/0/targets")).isEmpty();
        assertThat(other.at("/nodes/0/guards")).isEmpty();
    }

    private static int mark(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = api.send(method, path, "", "");
        return response.statusCode();
    }

    private static JsonNode target(JsonNode body, String name) {
        for (JsonNode one : body.get("data")) {
            if (one.get("target").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no " + name + " in " + body);
    }
}
