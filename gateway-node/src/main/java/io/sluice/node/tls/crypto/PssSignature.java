package io.sluice.node.tls.crypto;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * RSASSA-PSS, by native code where it signs with a native key. Java decides on a provider as soon as parameters are set, before a key is known, so this must
 * do all the rest as well: Java's own does.
 */
final class PssSignature extends SignatureSpi {

    private static final String ALGORITHM = "RSASSA-PSS";

    private final Provider conscrypt;
    private final Signature java;
    private Signature chosen;
    private @Nullable PSSParameterSpec parameters;

    PssSignature(Provider conscrypt) {
        this.conscrypt = conscrypt;
        try {
            java = Signature.getInstance(ALGORITHM, "SunRsaSign");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        chosen = java;
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec given) throws InvalidAlgorithmParameterException {
        java.setParameter(given);
        parameters = given instanceof PSSParameterSpec pss ? pss : null;
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        return java.getParameters();
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
        if (!CryptoProvider.isNative(key)) {
            chosen = java;
            java.initSign(key);
            return;
        }
        String digest = digest(parameters);
        if (digest == null) {
            throw new InvalidKeyException("parameters that native code does not take");
        }
        try {
            chosen = Signature.getInstance(digest.replace("-", "") + "withRSA/PSS", conscrypt);
            chosen.initSign(key);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException(e);
        }
    }

    /** The digest if the other parameters follow from it, as TLS wants them; else null. */
    private static @Nullable String digest(@Nullable PSSParameterSpec pss) {
        if (pss == null || !(pss.getMGFParameters() instanceof MGF1ParameterSpec mask)) {
            return null;
        }
        int bytes = switch (pss.getDigestAlgorithm()) {
            case "SHA-256" -> 32;
            case "SHA-384" -> 48;
            case "SHA-512" -> 64;
            default -> -1;
        };
        boolean usual =
                pss.getSaltLength() == bytes && mask.getDigestAlgorithm().equals(pss.getDigestAlgorithm());
        return usual ? pss.getDigestAlgorithm() : null;
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
        chosen = java;
        java.initVerify(key);
    }

    @Override
    protected void engineUpdate(byte one) throws SignatureException {
        chosen.update(one);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
        chosen.update(bytes, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        return chosen.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        return chosen.verify(signature);
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException(name + ": only parameters as a whole are taken");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException(name + ": only parameters as a whole are given");
    }
}
