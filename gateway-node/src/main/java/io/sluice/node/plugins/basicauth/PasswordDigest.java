package io.sluice.node.plugins.basicauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** A stored password: SHA-1 of the password followed by the owner's id as text, as Kong stores it. Immutable. */
final class PasswordDigest {

    private static final int LENGTH = 20;

    /** Compared with for users nobody has, so that they take as long to refuse; no password has it. */
    static final PasswordDigest NONE = new PasswordDigest(new byte[0], new byte[36]);

    private final byte[] digest;
    private final byte[] salt;

    private PasswordDigest(byte[] digest, byte[] salt) {
        this.digest = digest;
        this.salt = salt;
    }

    /** The digest written in hex; one that is not 20 bytes of hex fits no password. */
    static PasswordDigest of(String hex, UUID owner) {
        byte[] salt = owner.toString().getBytes(StandardCharsets.US_ASCII);
        boolean wellFormed = hex.length() == 2 * LENGTH && hex.chars().allMatch(HexFormat::isHexDigit);
        return new PasswordDigest(wellFormed ? HexFormat.of().parseHex(hex) : new byte[0], salt);
    }

    /** Whether the bytes from there on are the password; takes the same time for right and wrong ones. */
    boolean matches(byte[] bytes, int from) {
        MessageDigest sha1 = sha1();
        sha1.update(bytes, from, bytes.length - from);
        return MessageDigest.isEqual(sha1.digest(salt), digest);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
