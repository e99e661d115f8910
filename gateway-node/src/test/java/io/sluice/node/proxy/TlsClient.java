package io.sluice.node.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
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
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TlsClient client = new TlsClient(context);
            context.init(new KeyManager[0], new TrustManager[] {client.new Everybody()}, null);
            return client;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
