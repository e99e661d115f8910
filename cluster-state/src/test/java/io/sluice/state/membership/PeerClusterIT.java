package io.sluice.state.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.ConfigFactory;
import io.sluice.state.membership.ClusterNodeSettings.Tls;
import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireFaults;
import io.sluice.state.wire.WireMessage;
import java.io.IOException;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Peers that are not what they should be, and TLS between those that are. */
class PeerClusterIT {

    @TempDir
    private Path folder;

    record Gossip(String text) implements WireMessage {}

    @Test
    void bytesThatAreNoProtocolDoNotDisturbTheCluster() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog log = new CapturedLog(WireFaults.class)) {
            List<ClusterNode> nodes = cluster.form(2);
            Random random = new Random(1);
            for (int i = 0; i < 20; i++) {
                byte[] bytes = new byte[1 + random.nextInt(4_000)];
                random.nextBytes(bytes);
                if (i % 2 == 0) {
                    byte[] magic = {'A', 'K', 'K', 'A', 2, 0, 1, 0, 0};
                    System.arraycopy(magic, 0, bytes, 0, Math.min(magic.length, bytes.length));
                }
                try (Socket socket = new Socket("127.0.0.1", cluster.port)) {
                    socket.getOutputStream().write(bytes);
                } catch (IOException e) {
                    // Closed by the node before all was sent: as good.
                }
            }

            ClusterNode third = cluster.start(3, cluster.address(1), cluster.address(2));

            ClusterFixture.awaitUp(third, 3);
            nodes.forEach(node -> ClusterFixture.awaitUp(node, 3));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> nodes.get(0).unreadable() > 0 && nodes.get(0).refused() >= 5);
            assertThat(log.lines)
                    .as("once for each kind")
                    .hasSizeLessThan(10)
                    .anyMatch(line -> line.contains("peer=\"127.0.0.1\"") && line.contains("Stream "))
                    .anyMatch(line -> line.contains("peer=\"unknown\"") && line.contains("Dropping message"));
        }
    }

    /** Pekko reads it again and again, for ever. */
    @Test
    void frameOfNegativeLengthIsCountedWhateverIsLoggedAndLoggedAFewTimesASecond() throws Exception {
        Logger remote = (Logger) LoggerFactory.getLogger("org.apache.pekko.remote");
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog log = new CapturedLog("org.apache.pekko.remote.artery.Decoder")) {
            ClusterNode node = cluster.start(1, cluster.address(1));
            ClusterFixture.awaitUp(node, 1);
            long begin = System.nanoTime();
            try (Socket socket = new Socket("127.0.0.1", cluster.port)) {
                socket.getOutputStream().write(new byte[] {'A', 'K', 'K', 'A', 2, -4, -1, -1, -1});
            }

            await().atMost(Duration.ofSeconds(20)).until(() -> node.unreadable() > 1_000);
            long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
            assertThat(log.lines).isNotEmpty().hasSizeLessThanOrEqualTo((int) (10 * (seconds + 2)));

            remote.setLevel(Level.ERROR); // as in a gateway
            long before = node.unreadable();
            await().atMost(Duration.ofSeconds(20)).until(() -> node.unreadable() > before + 1_000);
            ClusterNode second = cluster.start(2, cluster.address(1));
            ClusterFixture.awaitUp(second, 2);
        } finally {
            remote.setLevel(null);
        }
    }

    @Test
    void messagesOfAnotherVersionAreDroppedAndCountedAndDoNotDisturbTheCluster() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            ClusterNode old = cluster.start(1, cluster.address(1));
            cluster.codecs = List.of(WireCodec.message(
                    Gossip.class,
                    "gossip",
                    1,
                    (gossip, out) -> out.text(gossip.text()),
                    (in, version) -> new Gossip(in.text())));
            ClusterNode newer = cluster.start(2, cluster.address(1));
            ClusterFixture.awaitUp(old, 2);
            ClusterFixture.awaitUp(newer, 2);

            for (int i = 0; i < 100; i++) {
                ClusterNode.<WireMessage>peer(cluster.system(2), cluster.address(1), MembersKeeper.NAME)
                        .tell(new Gossip("new"));
            }

            await().atMost(Duration.ofSeconds(10)).until(() -> old.faults().total() == 100);
            assertThat(old.faults().from(newer.members().self().id())).isEqualTo(100);
            ClusterFixture.awaitUp(old, 2);
            ClusterFixture.awaitUp(newer, 2);
        }
    }

    @Test
    void onlyWhoHasACertificateOfTheAuthorityGetsIn() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture();
                CapturedLog log = new CapturedLog(WireFaults.class)) {
            cluster.tls = Optional.of(tls("node", "ca"));
            List<ClusterNode> nodes = cluster.form(2);
            cluster.tls = Optional.of(tls("stranger", "ca"));
            ClusterNode stranger = cluster.start(3, cluster.address(1), cluster.address(2));
            cluster.tls = Optional.empty();
            ClusterNode plain = cluster.start(4, cluster.address(1), cluster.address(2));

            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> stranger.members().all().isEmpty()
                            && plain.members().all().isEmpty());
            nodes.forEach(node -> ClusterFixture.awaitUp(node, 2));
            assertThat(nodes.get(0).refused()).as("by the first node").isPositive();
            assertThat(stranger.refused())
                    .as("by the one with another authority")
                    .isPositive();
            assertThat(log.lines)
                    .as("the stranger says whom it cannot talk to")
                    .anyMatch(line -> line.contains("peer=\"" + cluster.address(1) + "\"") && line.contains("TLS: "))
                    .anyMatch(line -> line.contains("peer=\"unknown\"") && line.contains("TLS: "));
        }
    }

    @Test
    void replacedCertificateIsTakenUpWithoutARestart() throws Exception {
        try (ClusterFixture cluster = new ClusterFixture()) {
            cluster.more = ConfigFactory.parseString(
                    "system.pekko.remote.artery.ssl.rotating-keys-engine.ssl-context-cache-ttl = 100ms");
            Tls rotated = new Tls(folder.resolve("tls.crt"), folder.resolve("tls.key"), resource("ca.crt"));
            install("node");
            cluster.tls = Optional.of(rotated);
            ClusterNode first = cluster.start(1, cluster.address(1));
            ClusterFixture.awaitUp(first, 1);
            X509Certificate before = shownAt(cluster.port);

            install("renewed");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !shownAt(cluster.port).equals(before));

            ClusterNode second = cluster.start(2, cluster.address(1));
            ClusterFixture.awaitUp(second, 2);
            ClusterFixture.awaitUp(first, 2);
        }
    }

    private void install(String name) throws Exception {
        Files.copy(resource(name + ".key"), folder.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(resource(name + ".crt"), folder.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Tls tls(String name, String authority) throws URISyntaxException {
        return new Tls(resource(name + ".crt"), resource(name + ".key"), resource(authority + ".crt"));
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(PeerClusterIT.class.getResource("/tls/" + name).toURI());
    }

    /** The certificate a node shows to whoever connects, before it asks for theirs. */
    private static X509Certificate shownAt(int port) throws Exception {
        X509Certificate[] seen = new X509Certificate[1];
        X509TrustManager any = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                seen[0] = chain[0];
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {any}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
        }
        return seen[0];
    }
}
