package io.sluice.node.tls.crypto;

import java.math.BigInteger;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import org.conscrypt.OpenSSLX25519PublicKey;

/** A public key of X25519 that native code has made, as Java sees it. */
final class XdhPublicKey implements XECPublicKey {

    private final transient OpenSSLX25519PublicKey key;

    XdhPublicKey(OpenSSLX25519PublicKey key) {
        this.key = key;
    }

    /** The number in the order that RFC 7748 sends it in, the other way round than Java's numbers. */
    static byte[] reversed(byte[] number) {
        byte[] reversed = new byte[OpenSSLX25519PublicKey.X25519_KEY_SIZE_BYTES];
        for (int i = 0; i < number.length && i < reversed.length; i++) {
            reversed[i] = number[number.length - 1 - i];
        }
        return reversed;
    }

    @Override
    public BigInteger getU() {
        return new BigInteger(1, reversed(key.getU()));
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
        return "X.509";
    }

    @Override
    public byte[] getEncoded() {
        return key.getEncoded();
    }
}
