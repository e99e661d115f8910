package io.sluice.node.config.document;

import io.sluice.node.tls.PemReader;
import io.sluice.state.model.kind.EntityKind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is stored instead of what was given: hashed passwords, digests, and drawn keys and secrets where none was given. Made
 * with a secure source of randomness.
 */
public final class StoredForm {

    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int DRAWN_LENGTH = 32;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int ROUNDS = 10_000;

    private final RandomGenerator random;

    public StoredForm(RandomGenerator random) {
        this.random = random;
    }

    /** Draws the keys and secrets that credentials may leave out; changes the tree. */
    public void draw(EntityKind kind, Map<String, @Nullable Object> tree) {
        switch (kind) {
            case KEYAUTH_CREDENTIAL -> drawIfAbsent(tree, "key");
            case HMACAUTH_CREDENTIAL -> drawIfAbsent(tree, "secret");
            case JWT_SECRET -> {
                drawIfAbsent(tree, "key");
                drawIfAbsent(tree, "secret");
            }
            case OAUTH2_CREDENTIAL -> {
                drawIfAbsent(tree, "client_id");
                drawIfAbsent(tree, "client_secret");
            }
            default -> {}
        }
    }

    /**
     * Brings a checked tree with resolved references into stored form; changes the tree.
     *
     * @param transform whether secrets are in the clear; false for those of a dump
     */
    public void apply(EntityKind kind, Map<String, @Nullable Object> tree, boolean transform) {
        if (kind == EntityKind.CA_CERTIFICATE && tree.get("cert") instanceof String pem) {
            tree.put("cert_digest", digest(pem));
        } else if (transform
                && kind == EntityKind.BASICAUTH_CREDENTIAL
                && tree.get("password") instanceof String password
                && tree.get("consumer") instanceof Map<?, ?> consumer) {
            tree.put("password", hex("SHA-1", utf8(password + consumer.get("id"))));
        } else if (transform
                && kind == EntityKind.OAUTH2_CREDENTIAL
                && Boolean.TRUE.equals(tree.get("hash_secret"))
                && tree.get("client_secret") instanceof String secret) {
            tree.put("client_secret", phc(secret));
        }
    }

    private void drawIfAbsent(Map<String, @Nullable Object> tree, String field) {
        if (tree.get(field) == null) {
            StringBuilder text = new StringBuilder(DRAWN_LENGTH);
            for (int i = 0; i < DRAWN_LENGTH; i++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            tree.put(field, text.toString());
        }
    }

    private static String digest(String pem) {
        try {
            return hex("SHA-256", PemReader.certificates(pem).get(0).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate was read before", e);
        }
    }

    /** PBKDF2 in the PHC string format, as Kong writes it. */
    private String phc(String secret) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try {
            PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, ROUNDS, HASH_BYTES * 8);
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return "$pbkdf2-sha512$i=" + ROUNDS + ",l=" + HASH_BYTES + "$" + base64.encodeToString(salt) + "$"
                    + base64.encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String hex(String algorithm, byte[] input) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(input));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
