package io.sluice.node.tls.crypto;

import java.security.interfaces.XECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;
import org.conscrypt.OpenSSLX25519PrivateKey;

/** A private key of X25519 for native code, as Java sees it. */
final class XdhPrivateKey implements XECPrivateKey {

    private final transient OpenSSLX25519PrivateKey key;

    XdhPrivateKey(OpenSSLX25519PrivateKey key) {
        this.key = key;
    }

    OpenSSLX25519PrivateKey key() {
        return key;
    }

    @Override
    public Optional<byte[]> getScalar() {
        return Optional.of(key.getU());
    }

    @Override
    public AlgorithmParameterSpec getParams() {
        return NamedParameterSpec.X25519;
    }

    @Override
    public String getAlgorithm() {
        return "XDH";
    }

    @Override
    public String getFormat() {
        return "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
        return key.getEncoded();
    }
}
