package io.sluice.node.tls.crypto;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.conscrypt.OpenSSLX25519PublicKey;
import org.jspecify.annotations.Nullable;

/** X25519 between a native private key and whatever public key the other side has sent. */
final class XdhAgreement extends KeyAgreementSpi {

    private final KeyAgreement agreement;

    XdhAgreement(Provider conscrypt) {
        try {
            agreement = KeyAgreement.getInstance("XDH", conscrypt);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
        if (!(key instanceof XdhPrivateKey ours)) {
            throw new InvalidKeyException("a key of another provider");
        }
        agreement.init(ours.key());
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException("X25519 has no parameters");
        }
        engineInit(key, random);
    }

    @Override
    protected @Nullable Key engineDoPhase(Key key, boolean last) throws InvalidKeyException {
        if (!last || !(key instanceof XECPublicKey open) || !XdhPairs.isX25519(open.getParams())) {
            throw new InvalidKeyException("not a public key of X25519");
        }
        byte[] number = XdhPublicKey.reversed(open.getU().toByteArray());
        return agreement.doPhase(new OpenSSLX25519PublicKey(number), true);
    }

    @Override
    protected byte[] engineGenerateSecret() {
        return agreement.generateSecret();
    }

    @Override
    protected int engineGenerateSecret(byte[] secret, int offset) throws ShortBufferException {
        return agreement.generateSecret(secret, offset);
    }

    @Override
    protected SecretKey engineGenerateSecret(String algorithm) {
        return new SecretKeySpec(agreement.generateSecret(), algorithm);
    }
}
