package io.sluice.node.plugins.jwt;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Public keys in PEM, as {@code PUBLIC KEY} (RFC 5280) or {@code RSA PUBLIC KEY} (RFC 8017). */
final class PemKey {

    private static final String SPKI = "PUBLIC KEY";
    private static final String PKCS1 = "RSA PUBLIC KEY";

    /** The DER of the algorithm identifier rsaEncryption. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private PemKey() {}

    /** The key for an algorithm of {@link SignatureCheck}; empty if it cannot be read or is of another kind. */
    static Optional<PublicKey> parse(String pem, String algorithm) {
        String family = switch (algorithm.substring(0, 2)) {
            case "RS", "PS" -> "RSA";
            case "ES" -> "EC";
            default -> "EdDSA";
        };
        Optional<byte[]> plain = block(pem, SPKI);
        Optional<byte[]> der = plain.isPresent() ? plain : block(pem, PKCS1).map(PemKey::wrapped);
        return der.flatMap(bytes -> decode(bytes, family));
    }

    private static Optional<PublicKey> decode(byte[] der, String family) {
        try {
            return Optional.of(KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A PKCS #1 key as a SubjectPublicKeyInfo. */
    private static byte[] wrapped(byte[] pkcs1) {
        byte[] bits = new byte[pkcs1.length + 1]; // a bit string starts with the number of unused bits
        System.arraycopy(pkcs1, 0, bits, 1, pkcs1.length);
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        sequence.writeBytes(RSA);
        write(sequence, 0x03, bits);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        write(whole, 0x30, sequence.toByteArray());
        return whole.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        int length = content.length;
        if (length >= 0x80) {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        } else {
            out.write(length);
        }
        out.writeBytes(content);
    }
}
