package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.plugin.CapturedLog;
import io.sluice.node.settings.ProxySettings.TokenHeader;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointHandlerTest {

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thrown", "/failed"})
    void anEndpointThatFailsIsStatus500InJsonAndLoggedOnce(String path) throws Exception {
        EndpointTable table = new EndpointTable();
        table.get("/thrown", call -> {
            throw new IllegalStateException("a bug");
        });
        table.get("/failed", call -> CompletableFuture.failedFuture(new IllegalStateException("a bug")));
        EndpointHandler handler = new EndpointHandler(
                kit.system(), table, new Origins(List.of()), Set.of(TokenHeader.SERVER), InstantSource.system());

        try (CapturedLog log = CapturedLog.of(EndpointHandler.class)) {
            HttpResponse response = handler.apply(HttpRequest.GET("http://127.0.0.1" + path))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            assertThat(response.status().intValue()).isEqualTo(500);
            assertThat(response.entity().getContentType().toString())
                    .isEqualToIgnoringCase("application/json; charset=utf-8");
            assertThat(body(response)).isEqualTo("{\"message\":\"An unexpected error occurred\"}");
            assertThat(response.getHeader("Server")).isPresent();
            assertThat(log.lines()).containsExactly("ERROR an endpoint failed path=\"" + path + "\"");
        }
    }

    private String body(HttpResponse response) throws Exception {
        return response.entity()
                .toStrict(1_000, kit.system())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .getData()
                .utf8String();
    }
}
