package io.sluice.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.schema.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnonymousAccessTest {
    private static final Consumer GUEST = ConfigFixture.consumer("guest", "custom");
    private static final Verdict.Answer REFUSAL = Verdict.error(401, "Unauthorized");

    private final ExchangeFixture exchange = ExchangeFixture.get("/").header("X-Credential-Identifier", "spoofed");

    @Test
    void refusesWithoutAnAnonymousConsumerWhoeverAuthenticatedBefore() {
        var access = access(Map.of());
        exchange.consumer(ConfigFixture.consumer("alice"));

        assertThat(access.satisfied(exchange)).isFalse();
        assertThat(access.refuse(exchange, REFUSAL)).isSameAs(REFUSAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"guest", "(id)"})
    void letsTheClientActAsTheConsumerOfThatNameOrId(String name) {
        var access = access(
                Map.of("anonymous", name.equals("guest") ? name : GUEST.id().toString()));

        assertThat(access.satisfied(exchange)).isFalse();
        assertThat(access.refuse(exchange, REFUSAL)).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(GUEST);
        assertThat(exchange.credential()).isEmpty();
        assertThat(exchange.upstream().headers().lines())
                .containsExactlyInAnyOrder(
                        "Host: example.com",
                        "X-Consumer-ID: " + GUEST.id(),
                        "X-Consumer-Custom-ID: custom",
                        "X-Consumer-Username: guest",
                        "X-Anonymous-Consumer: true");
    }

    @Test
    void isSatisfiedByAnEarlierSuccessButNotByAnEarlierAnonymousOne() {
        var access = access(Map.of("anonymous", "guest"));

        exchange.authenticateAnonymous(GUEST);
        assertThat(access.satisfied(exchange)).isFalse();

        exchange.consumer(ConfigFixture.consumer("alice"));
        assertThat(access.satisfied(exchange)).isTrue();
    }

    @Test
    void saysThatTheConfiguredConsumerIsMissing() {
        var access = access(Map.of("anonymous", "custom"));

        assertThat(access.refuse(exchange, REFUSAL))
                .isEqualTo(Verdict.error(500, "anonymous consumer custom is configured but doesn't exist"));
        assertThat(exchange.consumer()).isEmpty();
    }

    private static AnonymousAccess access(Map<String, Object> settings) {
        var context = PluginContextFixture.of(ConfigFixture.config().with(GUEST));
        return AnonymousAccess.of(new Settings(settings), context);
    }
}
