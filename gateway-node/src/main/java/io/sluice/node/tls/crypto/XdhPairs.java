package io.sluice.node.tls.crypto;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import org.conscrypt.OpenSSLX25519PrivateKey;
import org.conscrypt.OpenSSLX25519PublicKey;

/** Makes keys of X25519; JSSE wants them to be of Java's types, which Conscrypt's are not. */
final class XdhPairs extends KeyPairGeneratorSpi {

    private static final int BITS = 255;

    private final KeyPairGenerator generator;

    XdhPairs(Provider conscrypt) {
        try {
            generator = KeyPairGenerator.getInstance("XDH", conscrypt);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether these are the parameters of X25519. */
    static boolean isX25519(AlgorithmParameterSpec parameters) {
        return parameters instanceof NamedParameterSpec named && named.getName().equalsIgnoreCase("X25519");
    }

    @Override
    public void initialize(int bits, SecureRandom random) {
        if (bits != BITS) {
            throw new InvalidParameterException(bits + " bits (expected: " + BITS + ")");
        }
    }

    @Override
    public void initialize(AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidAlgorithmParameterException {
        if (!isX25519(parameters)) {
            throw new InvalidAlgorithmParameterException("not X25519"); // the next provider is asked
        }
    }

    @Override
    public KeyPair generateKeyPair() {
        KeyPair pair = generator.generateKeyPair();
        return new KeyPair(
                new XdhPublicKey((OpenSSLX25519PublicKey) pair.getPublic()),
                new XdhPrivateKey((OpenSSLX25519PrivateKey) pair.getPrivate()));
    }
}
