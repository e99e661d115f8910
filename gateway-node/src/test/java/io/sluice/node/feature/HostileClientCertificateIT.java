package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.node.proxy.ClientRules;
import io.sluice.node.proxy.RawClient;
import io.sluice.node.proxy.TlsClient;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TlsRules;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that asks for certificates reads first messages itself: whatever they are, it lives on and keeps nothing. */
class HostileClientCertificateIT {

    private static final int HANDSHAKE_MILLIS = 700;
    private static final TestAuthority CLIENTS = TestAuthority.root("clients");
    private static final CertifiedKey GOOD = CLIENTS.issue("alice.test").read();

    private static Pipeline pipeline;
    private static InetSocketAddress address;

    @BeforeAll
    static void start() {
        pipeline = Pipeline.of(
                EchoUpstream.ok(),
                """
                services:
                - {name: s, host: 127.0.0.1, port: UPSTREAM}
                routes:
                - {name: r, service: s, paths: [/]}
                consumers:
                - {username: alice.test}
                ca_certificates:
                - {id: aaaaaaaa-0000-4000-8000-000000000001, cert: "CERT"}
                plugins:
                - name: mtls-auth
                  config: {revocation_check_mode: SKIP, ca_certificates: [aaaaaaaa-0000-4000-8000-000000000001]}
                """.replace("CERT", CLIENTS.pem().replace("\n", "\\n")),
                ClientRules.heads(Duration.ofMillis(HANDSHAKE_MILLIS)));
        address = pipeline.gateway()
                .listenTls(
                        TlsRules.DEFAULT,
                        TestAuthority.root("server").issue("a.test").read());
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @AfterEach
    void emptyAndAlive() {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> pipeline.gateway().group().connections() == 0);
        assertThat(TlsClient.showing(GOOD).get(address, "a.test", "a.test").status())
                .isEqualTo(200);
    }

    @Test
    void aClientHelloInSingleBytesIsUnderstood() {
        try (RawClient client = RawClient.connect(address)) {
            for (byte b : TlsClient.hello("a.test")) {
                client.send(new byte[] {b});
            }

            assertThat(client.read(1)[0]).isEqualTo((byte) 22);
        }
    }

    @Test
    void aClientHelloInTwoRecordsIsUnderstood() {
        byte[] whole = TlsClient.hello("a.test");
        int first = 30;
        ByteBuffer cut = ByteBuffer.allocate(whole.length + 5);
        cut.put(whole, 0, 3).putShort((short) first).put(whole, 5, first);
        cut.put(whole, 0, 3)
                .putShort((short) (whole.length - 5 - first))
                .put(whole, 5 + first, whole.length - 5 - first);
        try (RawClient client = RawClient.connect(address)) {
            client.send(cut.array());

            assertThat(client.read(1)[0]).isEqualTo((byte) 22);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 100})
    void aHandshakeThatStopsIsEndedInTime(int bytes) {
        long start = System.nanoTime(); // the deadline is that of the connection: it may run before a byte is sent
        try (RawClient client = RawClient.connect(address)) {
            client.send(Arrays.copyOf(TlsClient.hello("a.test"), bytes));

            client.readToEnd();

            assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
                    .isBetween(HANDSHAKE_MILLIS - 200L, HANDSHAKE_MILLIS + 3_000L);
        }
    }

    @Test
    void damagedClientHellosEndOneConnectionEach() {
        byte[] good = TlsClient.hello("a.test");
        Random random = new Random(17);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(5); n >= 0; n--) {
                bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt(256);
            }
            try (RawClient client = RawClient.connect(address)) {
                client.trySend(new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void recordsThatNeverEndAreRefused() {
        try (RawClient client = RawClient.connect(address)) {
            client.trySend("\026\003\001\377\377" + "\0".repeat(100_000));

            assertThat(client.untilEnd()).matches("(?s)(.{7}){0,2}\\((end|reset)\\)");
        }
    }

    @Test
    void aCertificateWithoutItsKeyIsNoCertificate() {
        CertifiedKey stolen = new CertifiedKey(
                GOOD.chain(), CLIENTS.issue("mallory.test").read().key());

        assertThatThrownBy(() -> TlsClient.showing(stolen).get(address, "a.test", "a.test"))
                .isInstanceOfAny(AssertionError.class, java.io.UncheckedIOException.class);
    }

    @Test
    void aChainWithoutEndIsRefused() {
        List<X509Certificate> heap = new ArrayList<>(GOOD.chain());
        for (int i = 0; i < 200; i++) {
            heap.add(CLIENTS.certificate());
        }

        assertThatThrownBy(() ->
                        TlsClient.showing(new CertifiedKey(heap, GOOD.key())).get(address, "a.test", "a.test"))
                .isInstanceOfAny(AssertionError.class, java.io.UncheckedIOException.class);
    }
}
