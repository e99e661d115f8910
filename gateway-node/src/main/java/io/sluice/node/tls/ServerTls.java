package io.sluice.node.tls;

import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;

/**
 * Makes the engines of TLS listeners. There is one for the whole life of a node: certificates come and go behind it, while
 * sessions can be resumed. Thread-safe.
 */
public final class ServerTls {

    private static final TrustManager[] NO_CLIENT_CERTIFICATES = {};
    private static final String CHAIN_LENGTH = "jdk.tls.server.maxInboundCertificateChainLength";
    private static final int MOST_ASKING = 64;

    private final SSLContext context;
    private final KeyManager[] keys;
    private final Supplier<CertificateRequests> requests;
    private final Map<CertificateRequests.Request, SSLContext> asking = new ConcurrentHashMap<>();
    private final TlsRules rules;
    private final String[] protocols;
    private final String[] suites;
    private final Supplier<CertificateView> view;

    private ServerTls(
            SSLContext context,
            KeyManager[] keys,
            TlsRules rules,
            Supplier<CertificateView> view,
            Supplier<CertificateRequests> requests) {
        this.context = context;
        this.keys = keys;
        this.requests = requests;
        this.rules = rules;
        this.view = view;
        SSLParameters supported = context.getSupportedSSLParameters();
        this.protocols = both(rules.protocols(), supported.getProtocols());
        this.suites = both(rules.suites(), supported.getCipherSuites());
        limitSessions(context);
    }

    private void limitSessions(SSLContext of) {
        SSLSessionContext sessions = of.getServerSessionContext();
        sessions.setSessionTimeout((int) Math.max(1, rules.sessionTimeout().toSeconds()));
        sessions.setSessionCacheSize(Math.max(1, rules.sessions()));
    }

    /** What asks nobody for a certificate; otherwise as the other one. */
    public static ServerTls of(TlsRules rules, Supplier<CertificateView> view, List<CertifiedKey> fallback)
            throws GeneralSecurityException {
        return of(rules, view, () -> CertificateRequests.NONE, fallback);
    }

    /**
     * What serves the given certificates.
     *
     * @param view the certificates of the configuration; asked at every full handshake
     * @param requests which clients are asked for a certificate; asked at every handshake
     * @param fallback shown where those have none for the name; at least one, usually one per type of key
     * @throws GeneralSecurityException if this Java has no TLS or nothing of what the rules allow
     */
    public static ServerTls of(
            TlsRules rules,
            Supplier<CertificateView> view,
            Supplier<CertificateRequests> requests,
            List<CertifiedKey> fallback)
            throws GeneralSecurityException {
        if (System.getProperty(CHAIN_LENGTH) == null) {
            System.setProperty(
                    CHAIN_LENGTH, "10"); // as for servers' chains; read when TLS is first used in this process
        }
        if (!rules.tickets()) {
            System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false"); // read when a context is made
        }
        allow(rules.protocols());
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = {new ServerKeys(view, fallback)};
        context.init(keys, NO_CLIENT_CERTIFICATES, null);
        ServerTls tls = new ServerTls(context, keys, rules, view, requests);
        if (tls.protocols.length == 0 || tls.suites.length == 0) {
            throw new GeneralSecurityException("this Java has none of the versions " + rules.protocols()
                    + " or none of the cipher suites " + rules.suites());
        }
        return tls;
    }

    /** Old versions are switched off in Java's own settings; whoever asks for them by name gets them. */
    private static void allow(List<String> protocols) {
        String key = "jdk.tls.disabledAlgorithms";
        String disabled = Security.getProperty(key);
        if (disabled == null || Stream.of("TLSv1", "TLSv1.1").noneMatch(protocols::contains)) {
            return;
        }
        String rest = Stream.of(disabled.split(","))
                .map(String::strip)
                .filter(name -> !protocols.contains(name) && !name.equals("3DES_EDE_CBC"))
                .collect(Collectors.joining(", "));
        Security.setProperty(key, rest); // read when TLS is first used in this process
    }

    private static String[] both(List<String> wanted, String[] supported) {
        Set<String> there = Stream.of(supported).collect(Collectors.toSet());
        return wanted.stream().filter(there::contains).toArray(String[]::new);
    }

    /** The certificates of the configuration as they are now. */
    public CertificateView certificates() {
        return view.get();
    }

    /**
     * An engine for one connection.
     *
     * @param protocols what may be spoken over it (ALPN), the preferred one first
     * @param asked told the server name that the client asks for, also when it resumes a session; on whatever thread the
     *     handshake's tasks run
     */
    public SSLEngine engine(List<String> protocols, Consumer<String> asked) {
        return engine(context, protocols, asked);
    }

    /** Which clients are asked for a certificate as things are now. */
    public CertificateRequests requests() {
        return requests.get();
    }

    /**
     * An engine that asks for a certificate and takes any, or none. Its sessions are resumed only where the same is asked for:
     * one that was made where nobody was asked must not keep its client from showing one.
     */
    public SSLEngine engine(List<String> protocols, Consumer<String> asked, CertificateRequests.Request request) {
        SSLEngine engine = engine(asking(request), protocols, asked);
        engine.setWantClientAuth(true);
        return engine;
    }

    private SSLContext asking(CertificateRequests.Request request) {
        SSLContext known = asking.get(request);
        if (known != null) {
            return known;
        }
        if (asking.size() >= MOST_ASKING) {
            asking.clear(); // what is asked for has changed that often
        }
        return asking.computeIfAbsent(request, missing -> {
            try {
                SSLContext made = SSLContext.getInstance("TLS");
                made.init(keys, new TrustManager[] {new AskingTrust(missing.authorities())}, null);
                limitSessions(made);
                return made;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // the same was made before, at the start
            }
        });
    }

    private SSLEngine engine(SSLContext from, List<String> protocols, Consumer<String> asked) {
        SSLEngine engine = from.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(this.protocols);
        parameters.setCipherSuites(suites);
        parameters.setUseCipherSuitesOrder(rules.serverPrefers());
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        parameters.setSNIMatchers(List.of(new Listener(asked)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Takes every name: which certificate is shown for it is another question. */
    private static final class Listener extends SNIMatcher {
        private final Consumer<String> asked;

        Listener(Consumer<String> asked) {
            super(StandardConstants.SNI_HOST_NAME);
            this.asked = asked;
        }

        @Override
        public boolean matches(SNIServerName name) {
            if (name instanceof SNIHostName host) {
                asked.accept(ServerName.canonical(host.getAsciiName()));
            }
            return true;
        }
    }
}
