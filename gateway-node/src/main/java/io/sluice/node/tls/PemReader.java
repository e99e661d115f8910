package io.sluice.node.tls;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in PEM: X.509 chains, private keys of PKCS #8, PKCS #1 (RSA) and SEC 1 (EC), public keys of SPKI and
 * PKCS #1. Encrypted keys are refused. Messages never quote the text. Thread-safe.
 */
public final class PemReader {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /** The object identifiers of RSA (with its NULL parameter) and of EC keys, as DER. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private PemReader() {}

    /**
     * The certificates of a chain, in order.
     *
     * @throws GeneralSecurityException if there is none or one cannot be read
     */
    public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Block block : blocks(pem)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        if (chain.isEmpty()) {
            throw new CertificateException("no certificate in PEM found");
        }
        return chain;
    }

    /**
     * The first private key.
     *
     * @throws GeneralSecurityException if there is none or it cannot be read
     */
    public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        for (Block block : blocks(pem)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrapped(RSA, block.der()));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(wrapped(concat(EC, curve(block.der())), block.der()));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new InvalidKeySpecException("encrypted keys are not supported");
                default -> {}
            }
        }
        throw new InvalidKeySpecException("no private key in PEM found");
    }

    /**
     * The first public key, also that of a certificate.
     *
     * @throws GeneralSecurityException if there is none or it cannot be read
     */
    public static PublicKey publicKey(String pem) throws GeneralSecurityException {
        for (Block block : blocks(pem)) {
            switch (block.label()) {
                case "PUBLIC KEY" -> {
                    return spki(block.der());
                }
                case "RSA PUBLIC KEY" -> {
                    byte[] bits = concat(new byte[] {0}, block.der());
                    return spki(der(0x30, concat(der(0x30, RSA), der(0x03, bits))));
                }
                case "CERTIFICATE" -> {
                    return certificates(pem).get(0).getPublicKey();
                }
                default -> {}
            }
        }
        throw new InvalidKeySpecException("no public key in PEM found");
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // perhaps of the next kind
            }
        }
        throw new InvalidKeySpecException("neither an RSA, an EC nor an EdDSA key");
    }

    private static PublicKey spki(byte[] der) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // perhaps of the next kind
            }
        }
        throw new InvalidKeySpecException("neither an RSA, an EC nor an EdDSA key");
    }

    /** A PKCS #8 envelope: version 0, algorithm, the key as octets. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 1, 0};
        return der(0x30, concat(concat(version, der(0x30, algorithm)), der(0x04, key)));
    }

    /** The curve's identifier inside a SEC 1 key: behind version and private number, the element with context tag 0. */
    private static byte[] curve(byte[] key) throws InvalidKeySpecException {
        int start = key.length > 1 && (key[1] & 0xff) == 0x81 ? 3 : 2;
        int number = start + 3;
        int tagged = number + 1 < key.length ? number + 2 + key[number + 1] : key.length;
        boolean named = number < tagged
                && tagged + 2 < key.length
                && key[number] == 0x04
                && (key[tagged] & 0xff) == 0xa0
                && key[tagged + 2] == 0x06
                && key[tagged + 1] > 0
                && tagged + 2 + key[tagged + 1] <= key.length;
        if (!named) {
            throw new InvalidKeySpecException("an EC key without a named curve");
        }
        return Arrays.copyOfRange(key, tagged + 2, tagged + 2 + key[tagged + 1]);
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        ByteBuffer out = ByteBuffer.allocate(length + 5).put((byte) tag);
        if (length < 0x80) {
            out.put((byte) length);
        } else if (length < 0x100) {
            out.put((byte) 0x81).put((byte) length);
        } else if (length < 0x10000) {
            out.put((byte) 0x82).putShort((short) length);
        } else {
            out.put((byte) 0x83).put((byte) (length >> 16)).putShort((short) length);
        }
        return Arrays.copyOf(out.put(content).array(), out.position());
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static List<Block> blocks(String pem) throws InvalidKeySpecException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(pem);
        while (matcher.find()) {
            try {
                byte[] text = matcher.group(2).getBytes(StandardCharsets.US_ASCII);
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(text)));
            } catch (IllegalArgumentException e) {
                throw new InvalidKeySpecException("broken base64");
            }
        }
        return blocks;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(String label, byte[] der) {}
}
