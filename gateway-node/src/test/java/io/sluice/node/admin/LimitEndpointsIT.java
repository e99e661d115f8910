package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.PluginConfig;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitEndpointsIT {

    private ApiFixture api;

    @BeforeEach
    void start() throws Exception {
        api = new ApiFixture(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    @Test
    void showsHowAKeyIsSharedOut() throws Exception {
        HttpResponse<String> answer = api.get("/cluster/limits?plugin=" + ApiFixture.LIMITED + "&key=10.0.0.1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"key\":\"10.0.0.1\"")
                .contains("\"home\":{\"id\":\"0000000000000002\",\"address\":\"localhost\"}")
                .contains("{\"period\":\"minute\",\"limit\":20,\"owned\":12,\"locked\":13,\"debt\":1,\"elsewhere\":8}");
    }

    @Test
    void showsEveryNamedLimitOfAPlugin() throws Exception {
        UUID plugin = hasNamedLimits("cluster");

        HttpResponse<String> all = api.get("/cluster/limits?plugin=" + plugin + "&key=a");
        HttpResponse<String> one = api.get("/cluster/limits?plugin=" + plugin + "&key=a&name=video");

        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body())
                .containsSubsequence("\"names\":[{\"name\":\"image\"", "{\"name\":\"video\",\"home\":{\"id\"");
        assertThat(one.body()).contains("\"name\":\"video\"").doesNotContain("image");
    }

    @Test
    void saysWhyAPluginHasNoneOverAllNodes() throws Exception {
        UUID local = hasNamedLimits("local");
        HttpResponse<String> byItself = api.get("/cluster/limits?plugin=" + local + "&key=a");
        UUID plugin = hasNamedLimits("cluster");
        HttpResponse<String> unknown = api.get("/cluster/limits?plugin=" + plugin + "&key=a&name=audio");

        assertThat(byItself.statusCode()).isEqualTo(404);
        assertThat(byItself.body()).contains("policy: local (expected: cluster or redis)");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("no such limit");
    }

    private UUID hasNamedLimits(String policy) {
        Map<String, Object> limits = Map.of("video", Map.of("minute", 20.0), "image", Map.of("minute", 20.0));
        PluginConfig plugin = io.sluice.node.plugin.ConfigFixture.plugin(
                "response-ratelimiting", Map.of("policy", policy, "limits", limits));
        api.config = io.sluice.node.plugin.ConfigFixture.config().with(plugin).build();
        api.named = Set.of(
                UUID.nameUUIDFromBytes((plugin.id() + ":video").getBytes(StandardCharsets.UTF_8)),
                UUID.nameUUIDFromBytes((plugin.id() + ":image").getBytes(StandardCharsets.UTF_8)));
        return plugin.id();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400, '(key: required field missing; plugin: required field missing)'",
        "?key=a&plugin=b, 400, (plugin: expected a valid UUID)",
        "?plugin=00000000-0000-0007-0000-000000000007, 400, (key: required field missing)",
        "?key=a&plugin=00000000-0000-0007-0000-000000000008, 404, Not found"
    })
    void saysWhatIsWrong(String query, int status, String message) throws Exception {
        HttpResponse<String> answer = api.get("/cluster/limits" + query);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(message);
    }
}
