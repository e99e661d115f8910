package io.sluice.node.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that signs whatever a test needs. */
public final class TestAuthority {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] SHA256_RSA = Der.sequence(
            new byte[] {0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 11, 5, 0});
    private static final byte[] SHA256_ECDSA =
            Der.sequence(new byte[] {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2});

    private final String name;
    private final KeyPair pair;
    private final X509Certificate certificate;
    private final List<X509Certificate> chain;

    private TestAuthority(String name, KeyPair pair, X509Certificate certificate, List<X509Certificate> chain) {
        this.name = name;
        this.pair = pair;
        this.certificate = certificate;
        this.chain = chain;
    }

    /** A certificate and its key in PEM. */
    public record Issued(String certificates, String key) {

        public CertifiedKey read() {
            try {
                return CertifiedKey.read(certificates, key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One that signs itself. */
    public static TestAuthority root(String name) {
        try {
            KeyPair pair = pair("EC");
            X509Certificate certificate =
                    sign(name, pair, name, pair, Der.sequence(constraints()), Duration.ofDays(365));
            return new TestAuthority(name, pair, certificate, List.of());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One below this one. */
    public TestAuthority intermediate(String subject) {
        try {
            KeyPair own = pair("EC");
            X509Certificate signed = sign(subject, own, name, pair, Der.sequence(constraints()), Duration.ofDays(365));
            List<X509Certificate> below = new ArrayList<>(List.of(signed));
            below.addAll(chain);
            return new TestAuthority(subject, own, signed, below);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate with an EC key for these names, its intermediates behind it. */
    public Issued issue(String... names) {
        return issue("EC", Duration.ofDays(90), names);
    }

    /** What else a certificate may say. */
    public record More(String use, String listUrl, String responderUrl) {
        /** Nothing else. */
        public static final More NONE = new More(null, null, null);

        /** An object identifier for what it may be used for. */
        public static More use(String oid) {
            return new More(oid, null, null);
        }

        /** Where the authority's list of revoked certificates is. */
        public static More list(String url) {
            return new More(null, url, null);
        }

        /** Who says by OCSP whether it still stands. */
        public static More responder(String url) {
            return new More(null, null, url);
        }
    }

    /** The same with a key of RSA or EC, valid from yesterday for that long from now (less than zero: expired). */
    public Issued issue(String keyType, Duration validFor, String... names) {
        return issue(keyType, validFor, More.NONE, names);
    }

    /** The same with more in it. */
    public Issued issue(More more, String... names) {
        return issue("EC", Duration.ofDays(90), more, names);
    }

    private Issued issue(String keyType, Duration validFor, More more, String... names) {
        try {
            KeyPair own = pair(keyType);
            byte[] extensions = Der.sequence(
                    alternatives(List.of(names)),
                    use(more.use()),
                    list(more.listUrl()),
                    responder(more.responderUrl()));
            StringBuilder pem = new StringBuilder(pem(
                    "CERTIFICATE",
                    sign(names[0], own, name, pair, extensions, validFor).getEncoded()));
            for (X509Certificate above : chain) {
                pem.append(pem("CERTIFICATE", above.getEncoded()));
            }
            return new Issued(
                    pem.toString(), pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Its own certificate in PEM. */
    public String pem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String type) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        if (type.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            String subject, KeyPair own, String issuer, KeyPair signer, byte[] extensions, Duration validFor)
            throws GeneralSecurityException {
        boolean rsa = signer.getPrivate().getAlgorithm().equals("RSA");
        byte[] algorithm = rsa ? SHA256_RSA : SHA256_ECDSA;
        Instant now = Instant.now();
        Instant from = now.minus(Duration.ofDays(2));
        byte[] content = Der.sequence(
                new byte[] {(byte) 0xa0, 0x03, 0x02, 0x01, 0x02},
                Der.tagged(0x02, new BigInteger(120, new SecureRandom()).toByteArray()),
                algorithm,
                name(issuer),
                Der.sequence(time(from), time(now.plus(validFor))),
                name(subject),
                own.getPublic().getEncoded(),
                Der.tagged(0xa3, extensions));
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(signer.getPrivate());
        signature.update(content);
        byte[] der = Der.sequence(content, algorithm, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static byte[] constraints() {
        byte[] yes = {0x01, 0x01, (byte) 0xff};
        return Der.sequence(new byte[] {0x06, 0x03, 0x55, 0x1d, 0x13}, yes, Der.octets(Der.sequence(yes)));
    }

    private static byte[] alternatives(List<String> names) {
        byte[][] all = names.stream()
                .map(one -> one.equals("127.0.0.1")
                        ? Der.tagged(0x87, new byte[] {127, 0, 0, 1})
                        : Der.tagged(0x82, ascii(one)))
                .toArray(byte[][]::new);
        return Der.sequence(new byte[] {0x06, 0x03, 0x55, 0x1d, 0x11}, Der.octets(Der.sequence(all)));
    }

    private static byte[] use(String oid) {
        return oid == null
                ? new byte[0]
                : Der.sequence(
                        new byte[] {0x06, 0x03, 0x55, 0x1d, 0x25},
                        Der.octets(Der.sequence(Der.tagged(0x06, oid(oid)))));
    }

    private static byte[] list(String url) {
        if (url == null) {
            return new byte[0];
        }
        byte[] point = Der.tagged(0xa0, Der.tagged(0xa0, Der.tagged(0x86, ascii(url))));
        return Der.sequence(new byte[] {0x06, 0x03, 0x55, 0x1d, 0x1f}, Der.octets(Der.sequence(Der.sequence(point))));
    }

    private static byte[] responder(String url) {
        if (url == null) {
            return new byte[0];
        }
        byte[] ocsp = {0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 0x30, 1};
        byte[] access = Der.sequence(Der.sequence(ocsp, Der.tagged(0x86, ascii(url))));
        return Der.sequence(new byte[] {0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 1, 1}, Der.octets(access));
    }

    /** An object identifier of small numbers. */
    private static byte[] oid(String text) {
        String[] numbers = text.split("\\.");
        byte[] bytes = new byte[numbers.length - 1];
        bytes[0] = (byte) (40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            bytes[i - 1] = (byte) Integer.parseInt(numbers[i]);
        }
        return bytes;
    }

    /** The list of certificates that it has taken back, in DER, good for a day. */
    public byte[] revoked(X509Certificate... certificates) {
        try {
            Instant now = Instant.now();
            byte[][] entries = new byte[certificates.length][];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = Der.sequence(
                        Der.tagged(0x02, certificates[i].getSerialNumber().toByteArray()),
                        time(now.minus(Duration.ofHours(1))));
            }
            byte[] content = Der.sequence(
                    new byte[] {0x02, 0x01, 0x01},
                    SHA256_ECDSA,
                    name(name),
                    time(now.minus(Duration.ofHours(1))),
                    time(now.plus(Duration.ofDays(1))),
                    entries.length == 0 ? new byte[0] : Der.sequence(entries));
            return signed(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is given, its algorithm and its signature. */
    byte[] signed(byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        return Der.sequence(content, SHA256_ECDSA, Der.bits(signature.sign()));
    }

    private static byte[] name(String text) {
        byte[] common = {0x06, 0x03, 0x55, 0x04, 0x03};
        return Der.sequence(Der.tagged(0x31, Der.sequence(common, Der.tagged(0x0c, ascii(text)))));
    }

    private static byte[] time(Instant time) {
        return Der.tagged(0x17, ascii(TIME.format(time)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
