package io.sluice.node.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS to upstreams: whether and by whom they are verified, and what is shown to them. Connections are shared only
 * between requests of the same profile (the same object). Thread-safe.
 */
public final class TlsProfile implements AutoCloseable {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;
    private final boolean verify;

    private TlsProfile(SSLContext context, boolean verify) {
        this.context = context;
        this.verify = verify;
    }

    /**
     * What makes a profile.
     *
     * @param depth most certificates between an upstream's own and a trusted one
     * @param authorities the only ones trusted; empty for those of the node
     */
    public record Rules(
            boolean verify,
            int depth,
            List<X509Certificate> authorities,
            @Nullable CertifiedKey client) {

        /** Keeps private keys out of logs. */
        @Override
        public String toString() {
            return "Rules[verify=" + verify + ", depth=" + depth + "]";
        }
    }

    /** Makes a profile: takes its time when the node's authorities are read, so not on an event loop. */
    public static TlsProfile of(Rules rules, UpstreamTrust trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        CertifiedKey client = rules.client();
        KeyManager[] keys = client == null ? new KeyManager[0] : new KeyManager[] {new ClientKey(client)};
        TrustManager trusting = rules.verify()
                ? VerifyingTrust.of(
                        rules.authorities().isEmpty() ? trust.everybody() : rules.authorities(), rules.depth())
                : new CredulousTrust();
        context.init(keys, new TrustManager[] {trusting}, null);
        return new TlsProfile(context, rules.verify());
    }

    /**
     * An engine for one connection.
     *
     * @param host what the upstream is asked for and, if verified, must prove to be: a name, or an address, which is not asked for
     */
    public SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setServerNames(serverName(host).map(List::of).orElse(List.of()));
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Optional<SNIServerName> serverName(String host) {
        try {
            return ServerName.nameable(host) ? Optional.of(new SNIHostName(host)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name that DNS may have and TLS may not, with an underscore for example
        }
    }

    /** Does nothing: it is memory only. */
    @Override
    public void close() {}
}
