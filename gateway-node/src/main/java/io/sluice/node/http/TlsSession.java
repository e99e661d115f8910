package io.sluice.node.http;

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
    private boolean plainText;

    /** The client asks for a server name, canonical; on the thread of the handshake's tasks. */
    void asks(String name) {
        serverName = name;
    }

    void established(SSLSession session) {
        version = session.getProtocol();
        cipherSuite = session.getCipherSuite();
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

    /** JSSE's name of the cipher suite. */
    public String cipherSuite() {
        return cipherSuite;
    }

    /** Whether the client sent HTTP without TLS to a listener that wants TLS: such requests are only refused. */
    public boolean isPlainText() {
        return plainText;
    }
}
