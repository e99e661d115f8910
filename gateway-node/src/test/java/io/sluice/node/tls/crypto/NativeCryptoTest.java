package io.sluice.node.tls.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeCryptoTest {

    private static final byte[] TEXT = {1, 2, 3};

    @BeforeEach
    void use() {
        Assumptions.assumeTrue(NativeCrypto.use().isEmpty(), "no native library for this platform");
    }

    @AfterEach
    void leave() {
        NativeCrypto.leave();
    }

    private static KeyPair pair(String type, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        if (type.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
        } else if (type.equals("RSA")) {
            generator.initialize(bits);
        }
        return generator.generateKeyPair();
    }

    /** What Java makes without native code. */
    private static KeyPair javas(String type, int bits) throws GeneralSecurityException {
        NativeCrypto.leave();
        try {
            return pair(type, bits);
        } finally {
            NativeCrypto.use();
        }
    }

    private static byte[] agreed(String algorithm, PrivateKey own, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(own);
        agreement.doPhase(other, true);
        return agreement.generateSecret("TlsPremasterSecret").getEncoded();
    }

    @ParameterizedTest
    @CsvSource({"XDH, XDH, 255", "EC, ECDH, 256", "EC, ECDH, 384", "EC, ECDH, 521"})
    void agreesWithJavaOnTheSameSecret(String type, String algorithm, int bits) throws Exception {
        KeyPair ours = pair(type, bits);
        KeyPair theirs = javas(type, bits);

        byte[] here = agreed(algorithm, ours.getPrivate(), theirs.getPublic());
        byte[] there = agreed(algorithm, theirs.getPrivate(), ours.getPublic());

        assertThat(here).isEqualTo(there).hasSizeGreaterThanOrEqualTo(32);
        assertThat(KeyPairGenerator.getInstance(type).getProvider().getName()).isEqualTo(CryptoProvider.NAME);
    }

    /** The points of small order make the secret known to everybody (RFC 8446, section 7.4.2). */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesPublicKeysThatMakeTheSecretZero(int number) throws Exception {
        PublicKey weak = KeyFactory.getInstance("XDH")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BigInteger.valueOf(number)));
        PrivateKey own = pair("XDH", 255).getPrivate();

        assertThatThrownBy(() -> agreed("XDH", own, weak)).isInstanceOf(InvalidKeyException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "EC, 256, SHA256withECDSA",
        "EC, 384, SHA384withECDSA",
        "EC, 521, SHA512withECDSA",
        "RSA, 2048, SHA256withRSA",
        "RSA, 2048, SHA512withRSA"
    })
    void javaAcceptsItsSignatures(String type, int bits, String algorithm) throws Exception {
        KeyPair pair = javas(type, bits);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(NativeCrypto.own(pair.getPrivate()));
        signer.update(TEXT);
        byte[] signed = signer.sign();

        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(pair.getPublic());
        verifier.update(TEXT);

        assertThat(verifier.verify(signed)).isTrue();
        assertThat(signer.getProvider().getName()).isEqualTo(CryptoProvider.NAME);
        assertThat(verifier.getProvider().getName()).isNotEqualTo(CryptoProvider.NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "SHA-256, 32, true",
        "SHA-384, 48, true",
        "SHA-512, 64, true",
        "SHA-256, 32, false",
        "SHA-256, 20, false"
    })
    void probabilisticSignaturesAreTheSameWithEitherKindOfKey(String digest, int salt, boolean own) throws Exception {
        KeyPair pair = javas("RSA", 2048);
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), salt, 1));
        signature.initSign(own ? NativeCrypto.own(pair.getPrivate()) : pair.getPrivate());
        signature.update(TEXT);
        byte[] signed = signature.sign();

        signature.initVerify(pair.getPublic());
        signature.update(TEXT);

        assertThat(signature.verify(signed)).isTrue();
        assertThat(signature.getParameters().getAlgorithm()).isEqualTo("RSASSA-PSS");
    }

    @Test
    void leavesWhatItDoesNotKnowToJava() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH");
        generator.initialize(NamedParameterSpec.X448);
        KeyPair pair = generator.generateKeyPair();

        assertThat(agreed("XDH", pair.getPrivate(), pair.getPublic())).hasSize(56);
        assertThat(NativeCrypto.own(pair.getPrivate())).isSameAs(pair.getPrivate());
    }

    @Test
    void offersNothingButWhatHandshakesCompute() {
        assertThat(Security.getProvider(CryptoProvider.NAME).getServices())
                .extracting(java.security.Provider.Service::getType)
                .containsOnly("KeyPairGenerator", "KeyAgreement", "Signature");
    }

    @Test
    void everythingIsLeftToJavaAgain() throws Exception {
        PrivateKey before = NativeCrypto.own(javas("EC", 256).getPrivate());

        NativeCrypto.leave();
        PrivateKey after = pair("EC", 256).getPrivate();

        assertThat(NativeCrypto.isUsed()).isFalse();
        assertThat(NativeCrypto.own(after)).isSameAs(after);
        assertThat(CryptoProvider.isNative(after)).isFalse();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(before);
        signature.update(TEXT);
        assertThat(signature.sign()).isNotEmpty();
    }
}
