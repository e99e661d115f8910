package io.sluice.node.tls;

import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.List;
import java.util.Set;
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

    private final SSLContext context;
    private final TlsRules rules;
    private final String[] protocols;
    private final String[] suites;
    private final Supplier<CertificateView> view;

    private ServerTls(SSLContext context, TlsRules rules, Supplier<CertificateView> view) {
        this.context = context;
        this.rules = rules;
        this.view = view;
        SSLParameters supported = context.getSupportedSSLParameters();
        this.protocols = both(rules.protocols(), supported.getProtocols());
        this.suites = both(rules.suites(), supported.getCipherSuites());
        SSLSessionContext sessions = context.getServerSessionContext();
        sessions.setSessionTimeout((int) Math.max(1, rules.sessionTimeout().toSeconds()));
        sessions.setSessionCacheSize(Math.max(1, rules.sessions()));
    }

    /**
     * What serves the given certificates.
     *
     * @param view the certificates of the configuration; asked at every full handshake
     * @param fallback shown where those have none for the name; at least one, usually one per type of key
     * @throws GeneralSecurityException if this Java has no TLS or nothing of what the rules allow
     */
    public static ServerTls of(TlsRules rules, Supplier<CertificateView> view, List<CertifiedKey> fallback)
            throws GeneralSecurityException {
        if (!rules.tickets()) {
            System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false"); // read when a context is made
        }
        allow(rules.protocols());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new ServerKeys(view, fallback)}, NO_CLIENT_CERTIFICATES, null);
        ServerTls tls = new ServerTls(context, rules, view);
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
        SSLEngine engine = context.createSSLEngine();
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
