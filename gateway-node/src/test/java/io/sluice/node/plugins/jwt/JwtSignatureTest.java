package io.sluice.node.plugins.jwt;

import static io.sluice.node.plugins.jwt.JwtFixture.credential;
import static io.sluice.node.plugins.jwt.JwtFixture.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtSignatureTest {
    private static final Consumer ALICE = ConfigFixture.consumer("alice");

    private static final List<String> ALGORITHMS = List.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512",
            "EdDSA");

    static List<String> algorithms() {
        return ALGORITHMS;
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void acceptsWhatTheCredentialSigned(String algorithm) {
        assertThat(verdict(credential(ALICE, algorithm), token(algorithm, claims(algorithm))))
                .isEqualTo(Verdict.CONTINUE);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void refusesOtherClaimsUnderTheSameSignature(String algorithm) {
        var parts = token(algorithm, claims(algorithm)).split("\\.");
        var forged = JwtFixture.base64("{\"iss\":\"" + algorithm + "\",\"admin\":true}");

        assertThat(verdict(credential(ALICE, algorithm), parts[0] + "." + forged + "." + parts[2]))
                .isEqualTo(refusal("Invalid signature"));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void refusesDamagedSignatures(String algorithm) {
        var token = token(algorithm, claims(algorithm));
        int from = token.lastIndexOf('.') + 1;
        var signature = Base64.getUrlDecoder().decode(token.substring(from));
        var zeros = new byte[signature.length];
        var flipped = signature.clone();
        flipped[flipped.length / 2] ^= 1;

        for (byte[] damaged :
                List.of(new byte[0], new byte[1], zeros, flipped, Arrays.copyOf(signature, signature.length - 1))) {
            var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(damaged);
            assertThat(verdict(credential(ALICE, algorithm), token.substring(0, from) + encoded))
                    .isEqualTo(refusal("Invalid signature"));
        }
    }

    static Stream<List<String>> pairs() {
        return ALGORITHMS.stream()
                .flatMap(one ->
                        ALGORITHMS.stream().filter(other -> !other.equals(one)).map(other -> List.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void refusesAnyAlgorithmButTheCredentials(List<String> pair) {
        var credential = credential(ALICE, pair.get(0));

        assertThat(verdict(credential, token(pair.get(1), claims(pair.get(0)))))
                .isEqualTo(refusal("Invalid algorithm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "RS256"})
    void refusesAPublicKeyUsedAsASecret(String expected) {
        var pem = JwtFixture.pem(JwtFixture.RSA.getPublic());
        var forged = JwtFixture.hmacSigned("HS256", pem.getBytes(StandardCharsets.UTF_8), claims("key"));
        var credential = credential(ALICE, "key", expected, "secret", pem);

        assertThat(verdict(credential, forged))
                .isEqualTo(refusal(expected.equals("HS256") ? "Invalid signature" : "Invalid algorithm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "hs256", "HS1", ""})
    void refusesUnknownAlgorithms(String algorithm) {
        var header = "{\"alg\":\"" + algorithm + "\"}";
        var unsigned = JwtFixture.base64(header) + "." + JwtFixture.base64(claims("HS256")) + ".";

        assertThat(verdict(credential(ALICE, "HS256"), unsigned)).isEqualTo(refusal("Bad token; invalid alg"));
        assertThat(verdict(credential(ALICE, "HS256"), JwtFixture.signed("HS256", header, claims("HS256"))))
                .isEqualTo(refusal("Bad token; invalid alg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"alg\":[\"HS256\"]}", "{\"alg\":null}", "{}", "[]", "null", "\"HS256\"", "1"})
    void refusesHeadersWithoutAnAlgorithm(String header) {
        assertThat(verdict(credential(ALICE, "HS256"), JwtFixture.signed("HS256", header, claims("HS256"))))
                .isEqualTo(refusal("Bad token; invalid alg"));
    }

    @Test
    void refusesFieldsGivenTwice() {
        var header = "{\"alg\":\"HS256\",\"alg\":\"none\"}";
        var claims = "{\"iss\":\"HS256\",\"sub\":\"a\",\"sub\":\"b\"}";

        assertThat(verdict(credential(ALICE, "HS256"), JwtFixture.signed("HS256", header, claims("HS256"))))
                .isEqualTo(refusal("Bad token; invalid JSON"));
        assertThat(verdict(credential(ALICE, "HS256"), token("HS256", claims)))
                .isEqualTo(refusal("Bad token; invalid JSON"));
    }

    @Test
    void refusesExtensionsItWouldHaveToUnderstand() {
        var header = "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}";

        assertThat(verdict(credential(ALICE, "HS256"), JwtFixture.signed("HS256", header, claims("HS256"))))
                .isEqualTo(refusal("Bad token; invalid crit"));
    }

    @Test
    void ignoresWhereATokenSaysItsKeyIs() {
        var hints = ",\"kid\":\"../../../dev/null\",\"jku\":\"http://127.0.0.1:1/\",\"x5u\":\"http://127.0.0.1:1/\","
                + "\"jwk\":{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}}";
        var good = JwtFixture.signed("RS256", "{\"alg\":\"RS256\"" + hints, claims("RS256"));
        var forged = JwtFixture.signed("HS256", "{\"alg\":\"RS256\"" + hints, claims("RS256"));

        assertThat(verdict(credential(ALICE, "RS256"), good)).isEqualTo(Verdict.CONTINUE);
        assertThat(verdict(credential(ALICE, "RS256"), forged)).isEqualTo(refusal("Invalid signature"));
    }

    @Test
    void readsRsaKeysOfTheOlderForm() {
        var spki = JwtFixture.RSA.getPublic().getEncoded();
        var pkcs1 = Arrays.copyOfRange(spki, 24, spki.length); // behind algorithm and bit string of a 2048 bit key
        var pem = "-----BEGIN RSA PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(pkcs1)
                + "\n-----END RSA PUBLIC KEY-----";
        var credential = credential(ALICE, "RS256", "RS256", "secret", pem);

        assertThat(verdict(credential, token("RS256", claims("RS256")))).isEqualTo(Verdict.CONTINUE);
    }

    static Stream<Credential.JwtSecret> unusable() {
        var rsa = JwtFixture.pem(JwtFixture.RSA.getPublic());
        var p384 = credential(ALICE, "ES384").rsaPublicKey();
        return Stream.of(
                credential(ALICE, "key", "RS256", "secret", null),
                credential(ALICE, "key", "RS256", "secret", "no key"),
                credential(ALICE, "key", "RS256", "secret", rsa.replace("MII", "AAA")),
                credential(ALICE, "key", "RS256", "secret", p384),
                credential(ALICE, "key", "ES256", "secret", rsa),
                credential(ALICE, "key", "ES256", "secret", p384),
                credential(ALICE, "key", "EdDSA", "secret", rsa),
                credential(ALICE, "key", "HS256", "", null));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhenTheCredentialsKeyDoesNotFit(Credential.JwtSecret credential) {
        assertThat(verdict(credential, token(credential.algorithm(), claims("key"))))
                .isEqualTo(refusal("Invalid key/secret"));
    }

    /** RFC 7515, appendix A.1: its key has both chars in which the two alphabets of Base64 differ. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
            })
    void decodesSecretsInBase64(String secret) {
        var token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var credential = credential(ALICE, "joe", "HS256", secret, null);

        assertThat(verdict(credential, token, Map.of("secret_is_base64", true))).isEqualTo(Verdict.CONTINUE);
        assertThat(verdict(credential, token)).isEqualTo(refusal("Invalid signature"));
    }

    @Test
    void refusesSecretsThatAreNotBase64() {
        var credential = credential(ALICE, "HS256", "HS256", "!", null);

        assertThat(verdict(credential, token("HS256", claims("HS256")), Map.of("secret_is_base64", true)))
                .isEqualTo(refusal("Invalid key/secret"));
    }

    @Test
    void base64DoesNotConcernPublicKeys() {
        assertThat(verdict(
                        credential(ALICE, "RS256"), token("RS256", claims("RS256")), Map.of("secret_is_base64", true)))
                .isEqualTo(Verdict.CONTINUE);
    }

    private static Verdict verdict(Credential.JwtSecret credential, String token) {
        return verdict(credential, token, Map.of());
    }

    private static Verdict verdict(Credential.JwtSecret credential, String token, Map<String, Object> settings) {
        var context = PluginContextFixture.of(ConfigFixture.config().with(ALICE).with(credential));
        var plugin = context.create(new JwtPlugin.Factory(), settings);
        return ExchangeFixture.get("/")
                .header("Authorization", "Bearer " + token)
                .access(plugin);
    }

    private static String claims(String key) {
        return "{\"iss\":\"" + key + "\"}";
    }

    private static Verdict refusal(String message) {
        return Verdict.json(401, "{\"message\":\"" + message + "\"}")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }
}
