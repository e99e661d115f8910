package io.sluice.node.tls.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.KeyAgreement;
import org.conscrypt.Conscrypt;
import org.conscrypt.OpenSSLX25519PrivateKey;
import org.conscrypt.OpenSSLX25519PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Those of Conscrypt's operations that handshakes need, for its own private keys only. All the rest that Conscrypt offers (certificates, trust,
 * ciphers, a TLS of its own) stays out of the process's list.
 */
final class CryptoProvider extends Provider {

    static final String NAME = "SluiceNative";

    private static final List<String> SIGNATURES = List.of(
            "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA");

    private final Provider conscrypt;

    private CryptoProvider(Provider conscrypt) {
        super(NAME, "1", "handshakes by native code");
        this.conscrypt = conscrypt;
        Predicate<@Nullable Object> any = key -> true;
        offer("KeyPairGenerator", "XDH", any, () -> new XdhPairs(conscrypt));
        offer("KeyAgreement", "XDH", XdhPrivateKey.class::isInstance, () -> new XdhAgreement(conscrypt));
        offer("Signature", "RSASSA-PSS", any, () -> new PssSignature(conscrypt));
        lend("KeyPairGenerator", "EC", any);
        lend("KeyAgreement", "ECDH", CryptoProvider::isNative);
        SIGNATURES.forEach(algorithm -> lend("Signature", algorithm, CryptoProvider::isNative));
    }

    /**
     * Loads the library and tries it.
     *
     * @throws GeneralSecurityException if it does not work
     * @throws LinkageError if there is none for this platform
     */
    static CryptoProvider load() throws GeneralSecurityException {
        CryptoProvider provider = new CryptoProvider(Conscrypt.newProvider());
        provider.tryAgreement();
        provider.trySignature();
        return provider;
    }

    /** Whether a key belongs to Conscrypt, whose classes of keys are not public. */
    static boolean isNative(@Nullable Object key) {
        return key != null && key.getClass().getPackage() == Conscrypt.class.getPackage();
    }

    private void offer(String type, String algorithm, Predicate<@Nullable Object> takes, Supplier<Object> maker) {
        putService(new Operation(this, type, algorithm, takes, maker));
    }

    private void lend(String type, String algorithm, Predicate<@Nullable Object> takes) {
        Service theirs = conscrypt.getService(type, algorithm);
        offer(type, algorithm, takes, () -> {
            try {
                return theirs.newInstance(null);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The same key for native code, or the given one if that cannot use it: a curve that only Java knows, for example. */
    PrivateKey own(PrivateKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null || isNative(key)) {
            return key;
        }
        try {
            return KeyFactory.getInstance(key.getAlgorithm(), conscrypt)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | RuntimeException e) {
            return key;
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** One whose outcome is known: RFC 7748, section 5.2. */
    private void tryAgreement() throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("XDH", conscrypt);
        agreement.init(
                new OpenSSLX25519PrivateKey(bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")));
        agreement.doPhase(
                new OpenSSLX25519PublicKey(bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")),
                true);
        byte[] agreed = bytes("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        if (!Arrays.equals(agreement.generateSecret(), agreed)) {
            throw new GeneralSecurityException("the library computes X25519 wrongly");
        }
    }

    private void trySignature() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", conscrypt);
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Signature signature = Signature.getInstance("SHA256withECDSA", conscrypt);
        signature.initSign(pair.getPrivate());
        byte[] signed = signature.sign();
        signature.initVerify(pair.getPublic());
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the library computes signatures wrongly");
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** An operation for those keys that it is meant for. */
    private static final class Operation extends Service {
        private final Predicate<@Nullable Object> takes;
        private final Supplier<Object> maker;

        Operation(
                Provider provider,
                String type,
                String algorithm,
                Predicate<@Nullable Object> takes,
                Supplier<Object> maker) {
            super(provider, type, algorithm, "native", null, null);
            this.takes = takes;
            this.maker = maker;
        }

        @Override
        public Object newInstance(@Nullable Object parameter) {
            return maker.get();
        }

        @Override
        public boolean supportsParameter(@Nullable Object key) {
            return takes.test(key);
        }
    }
}
