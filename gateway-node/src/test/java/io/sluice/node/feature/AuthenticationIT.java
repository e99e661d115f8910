package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.RawClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Who a client is, and what follows from it. */
class AuthenticationIT {

    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/], strip_path: false}
            """;
    private static final String CONSUMERS = """
            consumers:
            - {username: alice, id: ID, custom_id: a-1, keyauth_credentials: [{key: a}], acls: [{group: staff}]}
            - {username: bob, keyauth_credentials: [{key: b}], acls: [{group: guest}]}
            - {username: nobody}
            """.replace("ID", ID);

    @Test
    void keysGroupsLimitsAndOriginsWorkTogether() throws Exception {
        String yaml = BASE + CONSUMERS + """
                plugins:
                - {name: cors, config: {origins: ['*']}}
                - {name: key-auth, config: {hide_credentials: true}}
                - {name: acl, config: {allow: [staff]}}
                - {name: rate-limiting, config: {year: 2, policy: local, limit_by: consumer}}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            RawClient.Response preflight =
                    pipeline.send("OPTIONS /", "Origin: https://x.example", "Access-Control-Request-Method: PUT");
            RawClient.Response nobody = pipeline.send("GET /", "X-Consumer-Username: alice");
            RawClient.Response guest = pipeline.send("GET /", "apikey: b");
            assertThat(pipeline.upstream().pending()).isZero();
            RawClient.Response first = pipeline.send("GET /?apikey=a&x=1", "X-Consumer-Groups: root");
            RawClient.Response second = pipeline.send("GET /", "apikey: a");
            RawClient.Response third = pipeline.send("GET /", "apikey: a");

            assertThat(preflight.status()).isEqualTo(200);
            assertThat(preflight.header("Access-Control-Allow-Origin")).contains("*");
            assertThat(nobody.status()).isEqualTo(401);
            assertThat(nobody.header("RateLimit-Limit")).isEmpty();
            assertThat(guest.status()).isEqualTo(403);
            assertThat(guest.body()).contains("You cannot consume this service");
            assertThat(guest.header("Access-Control-Allow-Origin")).contains("*");
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("RateLimit-Remaining")).contains("1");
            assertThat(second.header("RateLimit-Remaining")).contains("0");
            assertThat(third.status()).isEqualTo(429);
            assertThat(third.header("Access-Control-Allow-Origin")).contains("*");
            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(seen.requestLine()).isEqualTo("GET /?x=1 HTTP/1.1");
            assertThat(seen.headers("X-Consumer-ID")).containsExactly(ID);
            assertThat(seen.headers("X-Consumer-Custom-ID")).containsExactly("a-1");
            assertThat(seen.headers("X-Consumer-Username")).containsExactly("alice");
            assertThat(seen.headers("X-Consumer-Groups")).containsExactly("staff");
            assertThat(seen.header("X-Credential-Identifier")).isPresent();
            assertThat(pipeline.seen().header("apikey")).isEmpty();
        }
    }

    @Test
    void whoIsNotKnownMayBeAnonymous() throws Exception {
        String yaml = BASE + CONSUMERS + """
                plugins:
                - {name: key-auth, config: {anonymous: nobody}}
                - {name: basic-auth, config: {anonymous: nobody}}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            assertThat(pipeline.send("GET /", "apikey: wrong").status()).isEqualTo(200);
            EchoUpstream.Seen anonymous = pipeline.seen();
            assertThat(pipeline.send("GET /", "apikey: a", "X-Anonymous-Consumer: true")
                            .status())
                    .isEqualTo(200);
            EchoUpstream.Seen known = pipeline.seen();

            assertThat(anonymous.headers("X-Consumer-Username")).containsExactly("nobody");
            assertThat(anonymous.headers("X-Anonymous-Consumer")).containsExactly("true");
            assertThat(anonymous.header("X-Credential-Identifier")).isEmpty();
            assertThat(known.headers("X-Consumer-Username")).containsExactly("alice");
            assertThat(known.header("X-Anonymous-Consumer")).isEmpty();
        }
    }

    @Test
    void aKeyMayComeInTheBodyAndIsTakenOutOfIt() throws Exception {
        String yaml = BASE + CONSUMERS + """
                plugins:
                - {name: key-auth, config: {key_in_body: true, hide_credentials: true}}
                - {name: acl, config: {allow: [staff]}}
                """;
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            String form = "Content-Type: application/x-www-form-urlencoded";
            String json = "Content-Type: application/json";
            assertThat(pipeline.sendBody("POST /", "x=1&apikey=a&y=2", form).status())
                    .isEqualTo(200);
            EchoUpstream.Seen first = pipeline.seen();
            assertThat(pipeline.sendChunks("POST /", List.of("{\"apikey\":", "\"a\",\"n\":1.50}"), json)
                            .status())
                    .isEqualTo(200);
            EchoUpstream.Seen second = pipeline.seen();
            RawClient.Response guest = pipeline.sendBody("POST /", "apikey=b", form);
            RawClient.Response unknown = pipeline.sendBody("POST /", "apikey=c", form);

            assertThat(first.body()).isEqualTo("x=1&y=2");
            assertThat(first.headers("Content-Length")).containsExactly("7");
            assertThat(second.body()).isEqualTo("{\"n\":1.50}");
            assertThat(second.header("Transfer-Encoding")).isEmpty();
            assertThat(guest.status()).isEqualTo(403);
            assertThat(unknown.status()).isEqualTo(401);
            assertThat(pipeline.upstream().pending()).isZero();
        }
    }

    @Test
    void passwordsMayBePlainOrHashedInTheDocument() throws Exception {
        String hash = HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-1").digest(("secret" + ID).getBytes(StandardCharsets.US_ASCII)));
        String plain = BASE + "plugins:\n- {name: basic-auth, config: {hide_credentials: true}}\n" + "consumers:\n"
                + "- {username: alice, id: ID, basicauth_credentials: [{username: al, password: PASS}]}\n"
                        .replace("ID", ID);
        try (Pipeline pipeline = Pipeline.of(plain.replace("PASS", "secret"))) {
            assertThat(basic(pipeline, "al:secret")).isEqualTo(200);
            assertThat(pipeline.seen().header("Authorization")).isEmpty();
            assertThat(basic(pipeline, "al:wrong")).isEqualTo(401);
            assertThat(basic(pipeline, "al:" + hash)).isEqualTo(401);
            assertThat(pipeline.send("GET /").header("WWW-Authenticate")).contains("Basic realm=\"service\"");

            pipeline.reload("_transform: false\n" + plain.replace("PASS", hash));

            assertThat(basic(pipeline, "al:secret")).isEqualTo(200);
            assertThat(basic(pipeline, "al:" + hash)).isEqualTo(401);
        }
    }

    private static int basic(Pipeline pipeline, String userPass) {
        String coded = Base64.getEncoder().encodeToString(userPass.getBytes(StandardCharsets.UTF_8));
        return pipeline.send("GET /", "Authorization: Basic " + coded).status();
    }

    @Test
    void tokensAreCheckedByTheirOwnersKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PUBLIC KEY-----\\n"
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\\n-----END PUBLIC KEY-----";
        String yaml = BASE + """
                plugins:
                - {name: jwt, config: {claims_to_verify: [exp]}}
                consumers:
                - username: alice
                  jwt_secrets:
                  - {key: mac, algorithm: HS256, secret: shared}
                  - {key: rsa, algorithm: RS256, rsa_public_key: "PEM"}
                """.replace("PEM", pem);
        try (Pipeline pipeline = Pipeline.of(yaml)) {
            String claims = "{\"iss\":\"KEY\",\"exp\":4000000000}";
            String mac = token("HS256", claims.replace("KEY", "mac"), mac("shared"));
            String rsa = token("RS256", claims.replace("KEY", "rsa"), rsa(pair));

            assertThat(pipeline.send("GET /", "Authorization: Bearer " + mac).status())
                    .isEqualTo(200);
            EchoUpstream.Seen seen = pipeline.seen();
            assertThat(pipeline.send("GET /?jwt=" + rsa).status()).isEqualTo(200);
            assertThat(seen.headers("X-Consumer-Username")).containsExactly("alice");
            assertThat(seen.headers("X-Credential-Identifier")).containsExactly("mac");

            RawClient.Response none = pipeline.send("GET /");
            RawClient.Response forged = pipeline.send(
                    "GET /", "Authorization: Bearer " + token("HS256", claims.replace("KEY", "mac"), mac("other")));
            RawClient.Response confused = pipeline.send(
                    "GET /",
                    "Authorization: Bearer "
                            + token("HS256", claims.replace("KEY", "rsa"), mac(pem.replace("\\n", "\n"))));
            RawClient.Response old = pipeline.send(
                    "GET /", "Authorization: Bearer " + token("HS256", "{\"iss\":\"mac\",\"exp\":1}", mac("shared")));
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
            assertThat(forged.status()).isEqualTo(401);
            assertThat(forged.body()).isEqualTo("{\"message\":\"Invalid signature\"}");
            assertThat(confused.status()).isEqualTo(401);
            assertThat(confused.body()).isEqualTo("{\"message\":\"Invalid algorithm\"}");
            assertThat(old.body()).isEqualTo("{\"exp\":\"token expired\"}");
        }
    }

    private interface Signer {
        byte[] sign(byte[] input) throws GeneralSecurityException;
    }

    private static Signer mac(String secret) {
        return input -> {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(input);
        };
    }

    private static Signer rsa(KeyPair pair) {
        return input -> {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        };
    }

    private static String token(String algorithm, String claims, Signer signer) throws GeneralSecurityException {
        String input = base64(("{\"alg\":\"" + algorithm + "\"}").getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        return input + "." + base64(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
