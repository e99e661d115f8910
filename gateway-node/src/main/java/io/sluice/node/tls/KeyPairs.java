package io.sluice.node.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;

/** Whether a public and a private key belong together: what one signs, the other accepts. */
public final class KeyPairs {

    private static final byte[] PROBE = "one pair?".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    public static boolean match(PublicKey open, PrivateKey secret) {
        try {
            Signature signature = Signature.getInstance(algorithm(open));
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithm(PublicKey key) {
        if (key instanceof RSAKey) {
            return "SHA256withRSA";
        }
        return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA";
    }
}
