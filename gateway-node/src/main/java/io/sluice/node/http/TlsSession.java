package io.sluice.node.http;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the TLS of a client connection, complete when its first request arrives. Filled by the connection's handshake
 * and read on its loop; the hand-over between the two makes it visible.
 */
public final class TlsSession {

    private @Nullable String serverName;
    private String version = "";
    private String cipherSuite = "";
    private String protocol = "";
    private boolean plainText;
    private List<X509Certificate> clientCertificates = List.of();

    /** The client asks for a server name, canonical; on the thread of the handshake's tasks. */
    void asks(String name) {
        serverName = name;
    }

    /** The handshake is complete; {@code asked} if the client was asked for a certificate. */
    void established(SSLSession session, boolean asked, String spoken) {
        protocol = spoken;
        version = session.getProtocol();
        cipherSuite = session.getCipherSuite();
        if (asked) {
            clientCertificates = shown(session);
        }
    }

    private static List<X509Certificate> shown(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate one : session.getPeerCertificates()) {
                if (one instanceof X509Certificate certificate) {
                    chain.add(certificate);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // it was asked and has none
        }
        return List.copyOf(chain);
    }

    /** What the client showed of itself, its own certificate first: it has that one's key, nothing else is verified. */
    public List<X509Certificate> clientCertificates() {
        return clientCertificates;
    }

    /** The client speaks HTTP without TLS. */
    void plainText() {
        plainText = true;
    }

    /** The server name of the handshake, lower-case; null if the client named none. */
    public @Nullable String serverName() {
        return serverName;
    }

    /** The version, TLSv1.3 for example. */
    public String version() {
        return version;
    }

    /** What client and server have agreed to speak (ALPN); "" if they have not. */
    public String protocol() {
        return protocol;
    }

    /** JSSE's name of the cipher suite. */
    public String cipherSuite() {
        return cipherSuite;
    }

    /** Whether the client sent HTTP without TLS to a listener that wants TLS: such requests are only refused. */
    public boolean isPlainText() {
        return plainText;
    }
}
