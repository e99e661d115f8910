package io.sluice.node.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Picks the certificate for a handshake by the server name the client asks for, from the certificates as they are at that moment.
 *
 * <p>JSSE first asks for an alias and then, on the same thread, for what is behind it. The pair that was picked is kept for
 * that thread, so that certificates may be replaced in between. Thread-safe.
 */
final class ServerKeys extends X509ExtendedKeyManager {

    private static final String ALIAS = "picked";

    private final Supplier<CertificateView> view;
    private final List<CertifiedKey> fallback;
    private static final ThreadLocal<@Nullable CertifiedKey> PICKED = new ThreadLocal<>();

    ServerKeys(Supplier<CertificateView> view, List<CertifiedKey> fallback) {
        this.view = view;
        this.fallback = List.copyOf(fallback);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String name = engine == null ? "" : asked(engine.getHandshakeSession());
        CertificateView.Shown shown = view.get().find(name);
        CertifiedKey pair = ofType(keyType, shown == null ? fallback : shown.pairs());
        PICKED.set(pair);
        return pair == null ? null : ALIAS;
    }

    private static String asked(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return ServerName.canonical(host.getAsciiName());
                }
            }
        }
        return "";
    }

    private static @Nullable CertifiedKey ofType(String keyType, List<CertifiedKey> pairs) {
        for (CertifiedKey pair : pairs) {
            if (pair.type().equals(keyType)) {
                return pair;
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        CertifiedKey pair = PICKED.get();
        return pair == null ? null : pair.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        CertifiedKey pair = PICKED.get();
        return pair == null ? null : pair.key();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null; // only engines are used
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
