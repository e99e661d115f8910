package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
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
