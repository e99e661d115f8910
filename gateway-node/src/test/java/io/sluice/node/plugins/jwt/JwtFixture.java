package io.sluice.node.plugins.jwt;

import io.sluice.node.plugin.ConfigFixture;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Credential;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Credentials of every algorithm and tokens signed with them by the JDK. */
final class JwtFixture {
    static final String SECRET = "short";
    static final KeyPair RSA = rsa();
    private static final Map<String, KeyPair> CURVES = Map.of(
            "ES256", curve("secp256r1"),
            "ES384", curve("secp384r1"),
            "ES512", curve("secp521r1"));
    private static final KeyPair EDWARDS = edwards();

    private JwtFixture() {}

    /** The credential whose key is the name of its algorithm. */
    static Credential.JwtSecret credential(Consumer owner, String algorithm) {
        var pem = algorithm.startsWith("HS") ? null : pem(keys(algorithm).getPublic());
        return credential(owner, algorithm, algorithm, SECRET, pem);
    }

    static Credential.JwtSecret credential(
            Consumer owner, String key, String algorithm, String secret, String publicKey) {
        return new Credential.JwtSecret(
                ConfigFixture.id("jwt " + key), owner.id(), key, secret, publicKey, algorithm, List.of(), 0);
    }

    /** A token of that algorithm, signed with its credential's key. */
    static String token(String algorithm, String claims) {
        return signed(algorithm, "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}", claims);
    }

    /** A token with any header, signed as the algorithm demands. */
    static String signed(String algorithm, String header, String claims) {
        var input = base64(header) + "." + base64(claims);
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(algorithm, input));
    }

    /** A token signed by HMAC with anything as the secret. */
    static String hmacSigned(String algorithm, byte[] secret, String claims) {
        var input = base64("{\"alg\":\"" + algorithm + "\"}") + "." + base64(claims);
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(algorithm, secret, input));
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static byte[] sign(String algorithm, String input) {
        if (algorithm.startsWith("HS")) {
            return hmac(algorithm, SECRET.getBytes(StandardCharsets.UTF_8), input);
        }
        try {
            var bits = algorithm.substring(2);
            var signature = switch (algorithm.substring(0, 2)) {
                case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
                case "PS" -> Signature.getInstance("RSASSA-PSS");
                case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
                default -> Signature.getInstance("EdDSA");
            };
            if (algorithm.startsWith("PS")) {
                var hash = "SHA-" + bits;
                signature.setParameter(
                        new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), Integer.parseInt(bits) / 8, 1));
            }
            signature.initSign(keys(algorithm).getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(String algorithm, byte[] secret, String input) {
        try {
            var mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
            return mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys(String algorithm) {
        return algorithm.equals("EdDSA") ? EDWARDS : CURVES.getOrDefault(algorithm, RSA);
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair curve(String name) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(name));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair edwards() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
