package io.sluice.node.tls.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Security;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether TLS handshakes of this process are computed by native code (BoringSSL, from Conscrypt). Thread-safe.
 *
 * <p>Design note. Most of a handshake's time in Java is spent on an X25519 key, its agreement and one signature. JSSE asks the
 * process's security providers for these and takes the first that can do it. So a provider with just these operations, in front
 * of Java's, makes handshakes fast and leaves everything else of TLS as it is: names, ALPN, sessions, certificates, alerts. It
 * takes only private keys that are its own ({@link #own}, or made by its generators): whatever else this process computes is left
 * to Java, and so is everything where there is no library for the platform.
 */
public final class NativeCrypto {

    private static volatile boolean wanted;

    private NativeCrypto() {}

    /** Loaded once; whoever comes meanwhile waits for it. */
    private static final class Library {
        static final @Nullable CryptoProvider PROVIDER;
        static final String PROBLEM;

        static {
            CryptoProvider found = null;
            String problem = "";
            try {
                found = CryptoProvider.load();
            } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
                problem = e.toString(); // none for this platform, nowhere to unpack it to, or one that does not work
            }
            PROVIDER = found;
            PROBLEM = problem;
        }
    }

    /** Says that it is to be used, without waiting for it: keys that are read from now on become native ones. */
    public static void want() {
        wanted = true;
    }

    /**
     * Puts it in front of Java's own; the first call loads it, which takes tens of milliseconds.
     *
     * @return why it cannot be used; empty if it is
     */
    public static Optional<String> use() {
        wanted = true;
        if (Library.PROVIDER == null) {
            return Optional.of(Library.PROBLEM);
        }
        Security.insertProviderAt(Library.PROVIDER, 1);
        return Optional.empty();
    }

    /** Leaves everything to Java again; keys that are native already go on working. */
    public static void leave() {
        wanted = false;
        Security.removeProvider(CryptoProvider.NAME);
    }

    /** Whether it is in front of Java's own. */
    public static boolean isUsed() {
        return Security.getProvider(CryptoProvider.NAME) != null;
    }

    /** The same key, for native code if that is wanted, there, and can use it. */
    public static PrivateKey own(PrivateKey key) {
        return wanted && Library.PROVIDER != null ? Library.PROVIDER.own(key) : key;
    }
}
