package io.sluice.node.plugins.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One algorithm with one key. Immutable, any thread.
 *
 * <p>RSA and ECDSA are verified by nimbus-jose-jwt. HMAC is not, because it refuses secrets shorter than the hash, which Kong
 * takes; EdDSA is not, because it would need a further library for what the JDK has.
 */
interface SignatureCheck {

    /** The algorithms that credentials may name. */
    Set<String> ALGORITHMS = Set.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512",
            "EdDSA");

    /** Whether these bytes have that signature. */
    boolean verify(byte[] signed, byte[] signature);

    /** Whether the algorithm takes a secret instead of a public key. */
    static boolean symmetric(String algorithm) {
        return algorithm.startsWith("HS");
    }

    /** The check of HS256, HS384 or HS512; empty if the secret is. */
    static Optional<SignatureCheck> hmac(String algorithm, byte[] secret) {
        if (secret.length == 0) {
            return Optional.empty();
        }
        try {
            String name = "HmacSHA" + algorithm.substring(2);
            Mac prepared = Mac.getInstance(name);
            prepared.init(new SecretKeySpec(secret, name));
            return Optional.of(
                    (signed, signature) -> MessageDigest.isEqual(fresh(prepared).doFinal(signed), signature));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The check of any other algorithm; empty if the key does not fit it. */
    static Optional<SignatureCheck> publicKey(String algorithm, PublicKey key) {
        try {
            return switch (algorithm.substring(0, 2)) {
                case "RS", "PS" ->
                    key instanceof RSAPublicKey rsa
                            ? Optional.of(jose(algorithm, new RSASSAVerifier(rsa)))
                            : Optional.empty();
                case "ES" -> key instanceof ECPublicKey ec ? curve(algorithm, new ECDSAVerifier(ec)) : Optional.empty();
                default -> Optional.of((signed, signature) -> edwards(key, signed, signature));
            };
        } catch (JOSEException e) {
            return Optional.empty(); // a curve that no algorithm uses
        }
    }

    private static Optional<SignatureCheck> curve(String algorithm, ECDSAVerifier verifier) {
        boolean fits = verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.parse(algorithm));
        return fits ? Optional.of(jose(algorithm, verifier)) : Optional.empty();
    }

    private static SignatureCheck jose(String algorithm, JWSVerifier verifier) {
        JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm)); // nothing of the token's own header
        return (signed, signature) -> {
            try {
                return verifier.verify(header, signed, Base64URL.encode(signature));
            } catch (JOSEException e) {
                return false;
            }
        };
    }

    private static boolean edwards(PublicKey key, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("EdDSA");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform from 15 on has EdDSA", e);
        }
    }

    private static Mac fresh(Mac prepared) {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own HMACs can be cloned", e);
        }
    }
}
