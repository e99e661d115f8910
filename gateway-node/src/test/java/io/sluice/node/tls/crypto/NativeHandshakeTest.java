package io.sluice.node.tls.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.CipherSuites;
import io.sluice.node.tls.ServerTls;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.TlsRules;
import io.sluice.node.tls.UpstreamTrust;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole handshakes, with either side computed natively or by Java. */
class NativeHandshakeTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("Root");
    private static final int ROUNDS = 40;

    @AfterEach
    void leave() {
        NativeCrypto.leave();
    }

    private static void choose(boolean natively) {
        if (natively) {
            Assumptions.assumeTrue(NativeCrypto.use().isEmpty(), "no native library for this platform");
        } else {
            NativeCrypto.leave();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, EC, TLSv1.3, intermediate",
        "true, EC, TLSv1.2, intermediate",
        "true, RSA, TLSv1.3, intermediate",
        "true, RSA, TLSv1.2, intermediate",
        "true, RSA, TLSv1.2, old",
        "false, EC, TLSv1.3, intermediate",
        "false, RSA, TLSv1.2, intermediate"
    })
    void clientsThatVerifyAgreeWithTheServer(boolean natively, String keyType, String version, String suites)
            throws Exception {
        choose(natively);
        CertifiedKey shown =
                AUTHORITY.issue(keyType, Duration.ofDays(1), "up.test").read();
        ServerTls server = server(version, suites, shown);
        SSLEngine client = client();

        shakeHands(client, server.engine(List.of("http/1.1"), name -> {}));

        assertThat(CryptoProvider.isNative(shown.key())).isEqualTo(natively);
        assertThat(client.getSession().getProtocol()).isEqualTo(version);
        assertThat(client.getSession().getPeerCertificates()[0])
                .isEqualTo(shown.chain().get(0));
    }

    /** RSA as the exchange of keys decrypts with the certificate's key, which Java's own code does. */
    @ParameterizedTest
    @CsvSource({"true, AES128-GCM-SHA256", "true, DHE-RSA-AES128-GCM-SHA256", "false, DHE-RSA-AES128-GCM-SHA256"})
    void olderExchangesWorkWithNativeKeys(boolean natively, String suite) throws Exception {
        choose(natively);
        CertifiedKey shown =
                AUTHORITY.issue("RSA", Duration.ofDays(1), "up.test").read();
        String only = CipherSuites.parse(suite).get(3);
        ServerTls server = server("TLSv1.2", "old", shown);
        SSLEngine client = client();
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        client.setEnabledCipherSuites(new String[] {only});

        shakeHands(client, server.engine(List.of("http/1.1"), name -> {}));

        assertThat(client.getSession().getCipherSuite()).isEqualTo(only);
    }

    private static ServerTls server(String version, String suites, CertifiedKey shown) throws Exception {
        return ServerTls.of(
                new TlsRules(
                        List.of(version),
                        CipherSuites.preset(suites).orElseThrow().suites(),
                        false,
                        Duration.ofHours(1),
                        10,
                        true),
                () -> CertificateView.EMPTY,
                List.of(shown));
    }

    private static SSLEngine client() throws Exception {
        return TlsProfile.of(
                        new TlsProfile.Rules(true, 1, List.of(AUTHORITY.certificate()), null), UpstreamTrust.DEFAULT)
                .engine("up.test", 443);
    }

    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer up = ByteBuffer.allocate(64 * 1024);
        ByteBuffer down = ByteBuffer.allocate(64 * 1024);
        for (int i = 0; i < ROUNDS; i++) {
            step(client, down, up);
            step(server, up, down);
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(client.getSession().isValid()).isTrue();
    }

    /** One thing that an engine wants to do, with all that it has got so far. */
    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            engine.unwrap(in.flip(), ByteBuffer.allocate(32 * 1024));
            in.compact();
        } else {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
    }
}
