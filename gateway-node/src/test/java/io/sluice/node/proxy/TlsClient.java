package io.sluice.node.proxy;

import io.sluice.node.tls.CertifiedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A TLS client of the JDK that trusts everybody and shows what it was shown. Its sessions are kept for the next connection. */
public final class TlsClient {

    private final SSLContext context;
    private final AtomicReference<X509Certificate> shown = new AtomicReference<>();
    private String[] protocols = {"TLSv1.2", "TLSv1.3"};
    private String[] suites;
    private String[] applications = {};

    private TlsClient(SSLContext context) {
        this.context = context;
    }

    public static TlsClient create() {
        return create(new KeyManager[0]);
    }

    /** One that shows a certificate whenever it is asked for any. */
    public static TlsClient showing(CertifiedKey own) {
        return create(new Only(own));
    }

    private static TlsClient create(KeyManager... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TlsClient client = new TlsClient(context);
            context.init(keys, new TrustManager[] {client.new Everybody()}, null);
            return client;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first record of a handshake with a server of that name. */
    public static byte[] hello(String name) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine(name, 443);
            engine.setUseClientMode(true);
            engine.beginHandshake();
            ByteBuffer out = ByteBuffer.allocate(20_000);
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it trusts. */
    public SSLContext context() {
        return context;
    }

    public TlsClient protocols(String... names) {
        protocols = names;
        return this;
    }

    public TlsClient suites(String... names) {
        suites = names;
        return this;
    }

    public TlsClient applications(String... names) {
        applications = names;
        return this;
    }

    /** Connects and shakes hands. */
    public SSLSocket connect(InetSocketAddress address, String serverName) throws IOException {
        SSLSocket socket = socket(address, serverName);
        socket.startHandshake();
        return socket;
    }

    /** Connects without a handshake. */
    public SSLSocket socket(InetSocketAddress address, String serverName) throws IOException {
        Socket plain = new Socket(address.getAddress(), address.getPort());
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(15_000);
        return over(plain, serverName);
    }

    /** Over a connection that there is, without a handshake. */
    public SSLSocket over(Socket plain, String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, serverName == null ? "none" : serverName, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(applications);
        parameters.setProtocols(protocols);
        if (suites != null) {
            parameters.setCipherSuites(suites);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** Connects, and speaks as {@link RawClient}. */
    public RawClient raw(InetSocketAddress address, String serverName) {
        try {
            return RawClient.over(connect(address, serverName));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** GET / of a host on a connection of its own. */
    public RawClient.Response get(InetSocketAddress address, String serverName, String host) {
        try (RawClient client = raw(address, serverName)) {
            return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readResponse();
        }
    }

    /** The certificate of a full handshake, by its first name. */
    public String nameShown(InetSocketAddress address, String serverName) {
        shown.set(null);
        context.getClientSessionContext()
                .getIds()
                .asIterator()
                .forEachRemaining(id -> forget(context.getClientSessionContext().getSession(id)));
        try (SSLSocket socket = connect(address, serverName)) {
            return shown.get().getSubjectX500Principal().getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forget(SSLSession session) {
        if (session != null) {
            session.invalidate();
        }
    }

    /** Whether a certificate was shown since this was asked last: not, if the session was resumed. */
    public boolean wasShownOne() {
        return shown.getAndSet(null) != null;
    }

    /** The authorities that the listener told when it asked last; null if it did not ask. */
    public static List<String> told(CertifiedKey own, InetSocketAddress address, String serverName) {
        Only keys = new Only(own);
        create(keys).get(address, serverName, "a");
        return keys.told.get();
    }

    private static final class Only extends X509ExtendedKeyManager {
        private final CertifiedKey own;
        private final AtomicReference<List<String>> told = new AtomicReference<>();

        Only(CertifiedKey own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return choose(issuers);
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return choose(issuers);
        }

        private String choose(Principal[] issuers) {
            told.set(Arrays.stream(issuers == null ? new Principal[0] : issuers)
                    .map(Principal::getName)
                    .toList());
            return "own";
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return own.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }

    private final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            shown.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            shown.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            shown.set(chain[0]);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
