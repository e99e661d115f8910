package io.sluice.node.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthPluginTest {
    private static final Consumer ALICE = ConfigFixture.consumer("alice");
    private static final Consumer BOB = ConfigFixture.consumer("bob");
    private static final Consumer GUEST = ConfigFixture.consumer("guest");

    private final PluginContextFixture context = PluginContextFixture.of(ConfigFixture.config()
            .with(ALICE, BOB, GUEST)
            .basicAuth(ALICE, "alice", "p:a ss:")
            .basicAuth(ALICE, "empty", "")
            .basicAuth(BOB, "j\u00fcrgen", "gr\u00fc\u00df")
            .with(new Credential.BasicAuth(
                    ConfigFixture.id("plain"), BOB.id(), "plain", "not a digest", List.of(), 0)));

    @ParameterizedTest
    @ValueSource(strings = {"alice:p:a ss:", "empty:"})
    void acceptsTheRightPassword(String userPass) {
        var exchange = get().header("Authorization", "Basic " + base64(userPass));

        assertThat(exchange.access(plugin(Map.of()))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(ALICE);
        assertThat(exchange.upstream().headers().value("X-Credential-Identifier"))
                .isEqualTo(userPass.substring(0, userPass.indexOf(':')));
    }

    @Test
    void acceptsNamesAndPasswordsInUtf8() {
        var exchange = get().header("Authorization", "Basic " + base64("j\u00fcrgen:gr\u00fc\u00df"));

        assertThat(exchange.access(plugin(Map.of()))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(BOB);
        assertThat(exchange.upstream().headers().value("X-Credential-Identifier"))
                .isEqualTo("j\u00c3\u00bcrgen");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic YWxpY2U6cDphIHNzOg==",
                "basic YWxpY2U6cDphIHNzOg==",
                "BASIC YWxpY2U6cDphIHNzOg==",
                "Basic   YWxpY2U6cDphIHNzOg==",
                "Basic YWxpY2U6cDphIHNzOg"
            })
    void acceptsTheSchemeInAnyCaseAndMissingPadding(String header) {
        assertThat(get().header("Authorization", header).access(plugin(Map.of())))
                .isEqualTo(Verdict.CONTINUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic %%%",
                "Bearer YWxpY2U6cDphIHNzOg==",
                "BasicYWxpY2U6cDphIHNzOg==",
                "YWxpY2U6cDphIHNzOg==",
                "Basic YWxpY2U=", // alice
                "Basic OnA6YSBzczo=", // :p:a ss:
                "Basic YWxpY2U6d3Jvbmc=", // alice:wrong
                "Basic YWxpY2U6", // alice:
                "Basic bm9ib2R5OnA6YSBzczo=", // nobody:p:a ss:
                "Basic cGxhaW46bm90IGEgZGlnZXN0", // plain:not a digest
                "Basic cGxhaW46" // plain:
            })
    void refusesEverythingElse(String header) {
        var exchange = get().header("Authorization", header);

        assertThat(exchange.access(plugin(Map.of())))
                .isEqualTo(Verdict.error(401, "Unauthorized").header("WWW-Authenticate", "Basic realm=\"service\""));
        assertThat(exchange.consumer()).isEmpty();
    }

    @Test
    void refusesRequestsWithoutCredentialsAndNamesTheRealm() {
        assertThat(get().access(plugin(Map.of("realm", "api"))))
                .isEqualTo(Verdict.error(401, "Unauthorized").header("WWW-Authenticate", "Basic realm=\"api\""));
    }

    @Test
    void triesProxyAuthorizationFirst() {
        var bob = "Basic " + base64("j\u00fcrgen:gr\u00fc\u00df");
        var alice = "Basic " + base64("alice:p:a ss:");
        var both = get().header("Proxy-Authorization", bob).header("Authorization", alice);
        var unknownFirst = get().header("Proxy-Authorization", "Basic " + base64("nobody:x"))
                .header("Authorization", alice);
        var wrongFirst = get().header("Proxy-Authorization", "Basic " + base64("alice:wrong"))
                .header("Authorization", alice);

        both.access(plugin(Map.of()));
        unknownFirst.access(plugin(Map.of()));
        wrongFirst.access(plugin(Map.of()));

        assertThat(both.consumer()).contains(BOB);
        assertThat(unknownFirst.consumer()).contains(ALICE);
        assertThat(wrongFirst.consumer()).isEmpty();
    }

    @Test
    void hidesTheCredentialItLookedAt() {
        var plugin = plugin(Map.of("hide_credentials", true));
        var exchange = get().header("Authorization", "Basic " + base64("alice:p:a ss:"));

        exchange.access(plugin);

        assertThat(exchange.upstream().headers().values("Authorization")).isEmpty();
    }

    @Test
    void keepsTheCredentialOtherwise() {
        var exchange = get().header("Authorization", "Basic " + base64("alice:p:a ss:"));

        exchange.access(plugin(Map.of()));

        assertThat(exchange.upstream().headers().values("Authorization")).hasSize(1);
    }

    @Test
    void failuresActAsTheAnonymousConsumer() {
        var exchange = get().header("Authorization", "Basic " + base64("alice:wrong"));

        assertThat(exchange.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(GUEST);
    }

    @Test
    void anEarlierSuccessIsEnoughIfThereIsAnAnonymousConsumer() {
        var exchange = get().consumer(BOB).header("Authorization", "Basic " + base64("alice:p:a ss:"));

        assertThat(exchange.access(plugin(Map.of("anonymous", "guest")))).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.consumer()).contains(BOB);
    }

    private Plugin plugin(Map<String, Object> settings) {
        return context.create(new BasicAuthPlugin.Factory(), settings);
    }

    private static ExchangeFixture get() {
        return ExchangeFixture.get("/");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
