package io.sluice.node.tls;

import io.sluice.node.tls.crypto.NativeCrypto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A certificate chain and its private key, given or made up. */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {

    private static final byte[] ECDSA_SHA256 =
            Der.sequence(new byte[] {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02});
    private static final TrustManager[] NO_CLIENT_CERTIFICATES = {};
    private static final Duration VALID = Duration.ofDays(3650);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * A certificate for localhost that signs itself, for listeners nobody gave one: it encrypts and proves nothing.
     *
     * @param now beginning of its ten years
     */
    public static CertifiedKey selfSigned(Instant now) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] content = content(pair, now);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        byte[] certificate = Der.sequence(content, ECDSA_SHA256, Der.bits(signature.sign()));
        return new CertifiedKey(
                List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate))),
                NativeCrypto.own(pair.getPrivate()));
    }

    /** What is signed (RFC 5280, section 4.1). */
    private static byte[] content(KeyPair pair, Instant now) {
        byte[] name = Der.sequence(Der.tagged(
                0x31, Der.sequence(new byte[] {0x06, 0x03, 0x55, 0x04, 0x03}, Der.tagged(0x0c, ascii("localhost")))));
        byte[] names = Der.sequence(Der.tagged(0x82, ascii("localhost")), Der.tagged(0x87, new byte[] {127, 0, 0, 1}));
        byte[] extension = Der.sequence(new byte[] {0x06, 0x03, 0x55, 0x1d, 0x11}, Der.octets(names));
        return Der.sequence(
                new byte[] {(byte) 0xa0, 0x03, 0x02, 0x01, 0x02},
                Der.tagged(0x02, new BigInteger(120, new SecureRandom()).toByteArray()),
                ECDSA_SHA256,
                name,
                Der.sequence(time(now.minus(Duration.ofDays(1))), time(now.plus(VALID))),
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(0xa3, Der.sequence(extension)));
    }

    private static byte[] time(Instant time) {
        return Der.tagged(0x17, ascii(TIME.format(time)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a chain and its key in PEM.
     *
     * @throws GeneralSecurityException if one of them cannot be read, they do not belong together, or the key is of a kind that
     *     TLS cannot use here
     */
    public static CertifiedKey read(String certificates, String key) throws GeneralSecurityException {
        List<X509Certificate> chain = PemReader.certificates(certificates);
        PrivateKey secret = PemReader.privateKey(key);
        if (!KeyPairs.match(chain.get(0).getPublicKey(), secret)) {
            throw new InvalidKeyException("the key does not belong to the certificate");
        }
        CertifiedKey pair = new CertifiedKey(List.copyOf(chain), NativeCrypto.own(secret));
        if (!pair.type().equals("RSA") && !pair.type().equals("EC")) {
            throw new InvalidKeyException("a key of type " + pair.type() + " where RSA or EC is needed");
        }
        return pair;
    }

    /** The type of its key, as JSSE calls it: RSA or EC. */
    public String type() {
        return chain.get(0).getPublicKey().getAlgorithm();
    }

    /** When it ends to be valid. */
    public Instant expiry() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** A context that shows the first of these that fits what the client can check; it asks for no certificate of theirs. */
    public static SSLContext context(List<CertifiedKey> pairs) throws GeneralSecurityException {
        try {
            // Only in memory: PKCS12 would spend a tenth of a second on encrypting the keys.
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            for (int i = 0; i < pairs.size(); i++) {
                X509Certificate[] chain = pairs.get(i).chain().toArray(X509Certificate[]::new);
                store.setKeyEntry("key" + i, pairs.get(i).key(), new char[0], chain);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), NO_CLIENT_CERTIFICATES, null);
            return context;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
