package io.sluice.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.config.document.DocumentFixture;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Problem;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretResolverTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MY_SECRET", "https://a",
            "APP_MY_SECRET", "https://b",
            "TOP_MY_SECRET", "https://c",
            "DB", "{\"url\":\"https://d\",\"port\":5,\"deep\":{}}");

    private static SecretResolver resolver(String globalPrefix) {
        return new SecretResolver(
                name -> Optional.ofNullable(ENVIRONMENT.get(name)), globalPrefix, DocumentFixture.PLUGINS);
    }

    private static GatewayConfig declared(String reference) {
        return DocumentFixture.config("""
                vaults: [{name: env, prefix: my-env, config: {prefix: app-}}]
                plugins: [{name: http-log, config: {http_endpoint: "%s", headers: {x: "%s", y: plain}}}]
                """.formatted(reference, reference));
    }

    @ParameterizedTest
    @CsvSource({
        "{vault://env/my-secret},              '',   https://a",
        "{vault://env/MY_SECRET},              '',   https://a",
        "{vault://env/my-secret},              TOP_, https://c",
        "{vault://my-env/my-secret},           TOP_, https://b",
        "{vault://env/my-secret?prefix=app_},  TOP_, https://b",
        "{vault://env/db/url},                 '',   https://d",
        "{vault://env/db/port},                '',   5"
    })
    void findsSecretsInTheEnvironment(String reference, String globalPrefix, String secret) {
        var resolved = resolver(globalPrefix).resolve(declared(reference));

        var config = resolved.config().plugins().get(0).config();
        assertThat(config).containsEntry("http_endpoint", secret);
        assertThat(config.get("headers")).isEqualTo(Map.of("x", secret, "y", "plain"));
        assertThat(resolved.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "{vault://env/absent}",
        "{vault://hcv/my-secret}",
        "{vault://env/db/absent}",
        "{vault://env/db/deep}",
        "{vault://env/my-secret/url}",
        "{vault://broken}"
    })
    void usesAnEmptyTextForWhatItCannotFind(String reference) {
        GatewayConfig declared = declared(reference);

        var resolved = resolver("").resolve(declared);

        var plugin = resolved.config().plugins().get(0);
        assertThat(plugin.config()).containsEntry("http_endpoint", "");
        assertThat(resolved.warnings())
                .contains(new Problem(
                        "plugin '" + plugin.id() + "'",
                        "config.http_endpoint",
                        "no secret behind " + reference + " (an empty text is used)"));
    }

    @Test
    void resolvesCertificatesAndKeepsTheDeclaredOnes() {
        GatewayConfig declared = DocumentFixture.config(
                "certificates: [{cert: '{vault://env/my-secret}', key: '{vault://env/absent}'}]");

        var resolved = resolver("").resolve(declared).config().certificates().get(0);

        assertThat(resolved.cert()).isEqualTo("https://a");
        assertThat(resolved.key()).isEmpty();
        assertThat(declared.certificates().get(0).cert()).isEqualTo("{vault://env/my-secret}");
    }

    @Test
    void returnsWhatHasNoReferencesAsItIs() {
        GatewayConfig declared =
                DocumentFixture.config("plugins: [{name: http-log, config: {http_endpoint: 'http://h'}}]");

        assertThat(resolver("").resolve(declared).config()).isSameAs(declared);
    }
}
