package io.sluice.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.node.settings.ReadSettings.Accepted;
import io.sluice.node.settings.ReadSettings.Notice;
import io.sluice.node.settings.ReadSettings.Refused;
import io.sluice.state.model.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    @TempDir
    private Path folder;

    @Test
    void nothingGivenGivesKongsDefaultsOnLoopback() {
        NodeSettings settings = accepted(Map.of());

        assertThat(settings.proxyListen())
                .containsExactly(
                        new ListenSettings("127.0.0.1", 8000, false, false, false, false, 16384),
                        new ListenSettings("127.0.0.1", 8443, true, true, false, false, 16384));
        assertThat(settings.adminListen()).extracting(ListenSettings::port).containsExactly(8001, 8444);
        assertThat(settings.statusListen()).extracting(ListenSettings::port).containsExactly(8100);
        assertThat(settings.proxy()).isEqualTo(ProxySettings.DEFAULT);
        assertThat(settings.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.logs().proxyAccess()).contains("/dev/stdout");
    }

    @Test
    void variableBeatsFileAndFileBeatsDefault() throws IOException {
        Path file = write("""
                # a comment
                log_level = warn   # and another
                proxy_listen = 0.0.0.0:9000
                """);

        ReadSettings read = SettingsReader.read(Map.of("KONG_LOG_LEVEL", "debug"), Map.of(), Optional.of(file));

        NodeSettings settings = ((Accepted) read).settings();
        assertThat(settings.logs().level()).isEqualTo("debug");
        assertThat(settings.proxyListen()).extracting(ListenSettings::port).containsExactly(9000);
    }

    @Test
    void systemPropertyBeatsOurVariableAndOursBeatsKongs() {
        Map<String, String> variables =
                Map.of("KONG_LOG_LEVEL", "debug", "SLUICE_LOG_LEVEL", "error", "KONG_PREFIX", "/a");

        ReadSettings ours = SettingsReader.read(variables, Map.of(), Optional.empty());
        ReadSettings property =
                SettingsReader.read(variables, Map.of("sluice.node.log-level", "crit"), Optional.empty());

        assertThat(((Accepted) ours).settings().logs().level()).isEqualTo("error");
        assertThat(((Accepted) property).settings().logs().level()).isEqualTo("crit");
    }

    @Test
    void fileMayBeHocon() throws IOException {
        Path file = write("""
                sluice.node {
                  proxy-listen = ["127.0.0.1:9000", "[::1]:9443 ssl http2"]
                  worker-processes = 3
                }
                """);

        NodeSettings settings = ((Accepted) SettingsReader.read(Map.of(), Map.of(), Optional.of(file))).settings();

        assertThat(settings.proxyListen()).extracting(ListenSettings::host).containsExactly("127.0.0.1", "::1");
        assertThat(settings.eventLoops()).isEqualTo(3);
    }

    @Test
    void allProblemsAreFoundAtOnceAndNamedAsTheyWereGiven() {
        List<Problem> problems = refused(Map.of(
                "KONG_PROXY_LISTEN", "0.0.0.0:8000 fast",
                "KONG_LOG_LEVEL", "loud",
                "KONG_DATABASE", "postgres",
                "SLUICE_CLUSTER_PORT", "70000",
                "KONG_TRUSTED_IPS", "10.0.0.0/8, here",
                "KONG_SSL_CERT", "/nowhere.pem",
                "KONG_CLIENT_MAX_BODY_SIZE", "10mb"));

        assertThat(problems)
                .extracting(Problem::object)
                .contains(
                        "KONG_PROXY_LISTEN",
                        "KONG_LOG_LEVEL",
                        "KONG_DATABASE",
                        "SLUICE_CLUSTER_PORT",
                        "KONG_TRUSTED_IPS",
                        "KONG_SSL_CERT",
                        "KONG_CLIENT_MAX_BODY_SIZE");
        assertThat(problems)
                .filteredOn(problem -> problem.object().equals("KONG_LOG_LEVEL"))
                .extracting(Problem::toString)
                .containsExactly(
                        "KONG_LOG_LEVEL: loud (expected: debug, info, notice, warn, error, crit, alert, emerg)");
    }

    @Test
    void clusterOfSeedsIsRead() {
        ReadSettings read = SettingsReader.read(
                Map.of(
                        "SLUICE_CLUSTER_DISCOVERY", "seeds",
                        "SLUICE_CLUSTER_SEEDS", "10.0.0.1:7355, node-b:7355",
                        "SLUICE_CLUSTER_HOST", "10.0.0.1",
                        "SLUICE_CLUSTER_CERT", "src/test/resources/tls/rsa.crt",
                        "SLUICE_CLUSTER_CERT_KEY", "src/test/resources/tls/rsa.key",
                        "SLUICE_CLUSTER_CA_CERT", "src/test/resources/tls/ca.crt"),
                Map.of(),
                Optional.empty());

        ClusterSettings cluster = ((Accepted) read).settings().cluster();
        assertThat(((Accepted) read).notices()).isEmpty();
        assertThat(cluster.discovery()).isEqualTo(ClusterSettings.Discovery.SEEDS);
        assertThat(cluster.seeds()).containsExactly("10.0.0.1:7355", "node-b:7355");
        assertThat(cluster.tls().orElseThrow().key().getFileName()).hasToString("rsa.key");
        assertThat(((Accepted) read).settings().shown()).containsEntry("cluster_cert_key", "******");
    }

    @Test
    void everyMistakeAboutTheClusterIsSaidAtOnce() {
        List<String> problems = refused(Map.of(
                        "SLUICE_CLUSTER_DISCOVERY", "seeds",
                        "SLUICE_CLUSTER_SEEDS", "node-a",
                        "SLUICE_CLUSTER_HOST", "0.0.0.0",
                        "SLUICE_MANAGEMENT_PORT", "x",
                        "SLUICE_CLUSTER_CERT", "src/test/resources/tls/ec.crt"))
                .stream()
                .map(Problem::toString)
                .toList();

        assertThat(problems)
                .contains(
                        "SLUICE_CLUSTER_SEEDS: node-a (expected: host:port, host:port)",
                        "SLUICE_CLUSTER_DISCOVERY: seeds without cluster_seeds (expected: host:port, host:port)",
                        "SLUICE_CLUSTER_HOST: 0.0.0.0"
                                + " (expected: the one address or name that other nodes reach this one at)",
                        "SLUICE_MANAGEMENT_PORT: x (expected: a whole number from 0 to 65535)",
                        "SLUICE_CLUSTER_CERT: set without cluster_cert_key and cluster_ca_cert (expected: all three)");
    }

    @Test
    void clusterOfPodsIsRead() {
        ReadSettings read = SettingsReader.read(
                Map.of(
                        "SLUICE_CLUSTER_DISCOVERY", "kubernetes",
                        "SLUICE_CLUSTER_HOST", "10.1.2.3",
                        "SLUICE_CLUSTER_NAMESPACE", "edge",
                        "SLUICE_CLUSTER_NEW", "off"),
                Map.of(),
                Optional.empty());

        ClusterSettings cluster = ((Accepted) read).settings().cluster();
        assertThat(cluster.discovery()).isEqualTo(ClusterSettings.Discovery.KUBERNETES);
        assertThat(cluster.pods()).isEqualTo(new ClusterSettings.Pods("edge", "app.kubernetes.io/name=sluice"));
        assertThat(cluster.newCluster()).isFalse();
    }

    @Test
    void podsNeedAnAddressAndManagement() {
        assertThat(refused(Map.of("SLUICE_CLUSTER_DISCOVERY", "kubernetes", "SLUICE_MANAGEMENT_PORT", "0")))
                .extracting(Problem::toString)
                .containsExactly(
                        "SLUICE_MANAGEMENT_PORT: 0 (expected: the port named management of the pods)",
                        "SLUICE_CLUSTER_DISCOVERY: kubernetes without cluster_host"
                                + " (expected: the pod's IP, status.podIP)");
        assertThat(refused(Map.of("SLUICE_CLUSTER_DISCOVERY", "dns")))
                .singleElement()
                .hasToString("SLUICE_CLUSTER_DISCOVERY: dns (expected: none, seeds or kubernetes)");
    }

    @Test
    void otherKeysThanRsaAreRefusedForTheCluster() {
        assertThat(refused(Map.of(
                        "SLUICE_CLUSTER_CERT", "src/test/resources/tls/ec.crt",
                        "SLUICE_CLUSTER_CERT_KEY", "src/test/resources/tls/ec-sec1.key",
                        "SLUICE_CLUSTER_CA_CERT", "src/test/resources/tls/ca.crt")))
                .extracting(Problem::toString)
                .containsExactly(
                        "SLUICE_CLUSTER_CERT: src/test/resources/tls/ec.crt"
                                + " (expected: a certificate with an RSA key, not EC)",
                        "SLUICE_CLUSTER_CERT_KEY: src/test/resources/tls/ec-sec1.key"
                                + " (expected: a PEM file with an RSA key that is not encrypted)");
    }

    @Test
    void ingressControllerTakesTheNamesOfKongs() {
        NodeSettings settings = accepted(Map.of(
                "SLUICE_INGRESS", "on",
                "CONTROLLER_INGRESS_CLASS", "inner",
                "CONTROLLER_WATCH_NAMESPACE", "shop, monitoring",
                "CONTROLLER_APISERVER_HOST", "https://10.0.0.1:6443",
                "CONTROLLER_PUBLISH_SERVICE", "kong/proxy",
                "CONTROLLER_PUBLISH_STATUS_ADDRESS", "203.0.113.7,lb.example",
                "CONTROLLER_APISERVER_QPS", "20"));

        assertThat(settings.ingress())
                .contains(new IngressSettings(
                        "inner",
                        Set.of("shop", "monitoring"),
                        "",
                        Optional.of(URI.create("https://10.0.0.1:6443")),
                        Optional.empty(),
                        Optional.of("kong/proxy"),
                        List.of("203.0.113.7", "lb.example"),
                        20,
                        300));
        assertThat(accepted(Map.of("CONTROLLER_INGRESS_CLASS", "inner")).ingress())
                .isEmpty();
    }

    @Test
    void namesOfKongsControllerThatMeanNothingHereAreNoticedOnly() {
        ReadSettings read = SettingsReader.read(
                Map.of("CONTROLLER_KONG_ADMIN_URL", "https://localhost:8444", "CONTROLLER_PROXY_LISTEN", "off"),
                Map.of(),
                Optional.empty());

        assertThat(((Accepted) read).notices())
                .extracting(ReadSettings.Notice::origin, ReadSettings.Notice::unknown)
                .containsExactlyInAnyOrder(
                        tuple("CONTROLLER_KONG_ADMIN_URL", false), tuple("CONTROLLER_PROXY_LISTEN", false));
        assertThat(((Accepted) read).settings().proxyListen()).isNotEmpty();
    }

    @Test
    void ingressControllerHasNoFileAndItsMistakesAreSaidAtOnce() {
        assertThat(refused(Map.of(
                        "SLUICE_INGRESS", "on",
                        "KONG_DECLARATIVE_CONFIG", "kong.yml",
                        "SLUICE_WATCH_NAMESPACE", "Shop",
                        "SLUICE_KUBECONFIG", "/no/such/file",
                        "SLUICE_APISERVER_HOST", "10.0.0.1",
                        "SLUICE_PUBLISH_SERVICE", "proxy")))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "SLUICE_INGRESS: on together with declarative_config (expected: one of the two)",
                        "SLUICE_WATCH_NAMESPACE: Shop (expected: names of namespaces, as in shop, monitoring)",
                        "SLUICE_KUBECONFIG: /no/such/file (expected: a readable file)",
                        "SLUICE_APISERVER_HOST: 10.0.0.1 (expected: a URL such as https://10.0.0.1:6443)",
                        "SLUICE_PUBLISH_SERVICE: proxy (expected: namespace/name)");
    }

    @Test
    void postgresIsToldWhatToUseAndClusterThatItComesLater() {
        assertThat(refused(Map.of("KONG_DATABASE", "postgres")))
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("declarative_config", "POST /config");
        assertThat(refused(Map.of("KONG_DATABASE", "cluster")))
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .contains("not there yet");
    }

    @Test
    void keysWithoutEffectAreNoticedAndUnknownOnesWarnedOf() {
        ReadSettings read = SettingsReader.read(
                Map.of(
                        "KONG_PG_HOST", "db",
                        "KONG_NGINX_HTTP_GZIP", "on",
                        "KONG_PROXY_LISTNE", "0.0.0.0:1",
                        "SLUICE_JAVA_OPTS", "-Xmx1g"),
                Map.of(),
                Optional.empty());

        assertThat(((Accepted) read).notices())
                .containsExactlyInAnyOrder(
                        new Notice("KONG_PG_HOST", false),
                        new Notice("KONG_NGINX_HTTP_GZIP", false),
                        new Notice("KONG_PROXY_LISTNE", true));
    }

    @Test
    void keysThatChangeNothingYetAreNoticed() {
        ReadSettings read = SettingsReader.read(Map.of("KONG_ADMIN_GUI_PATH", "/gui"), Map.of(), Optional.empty());

        assertThat(((Accepted) read).notices()).containsExactly(new Notice("KONG_ADMIN_GUI_PATH", false));
    }

    @Test
    void theProxyProtocolIsForProxyListenersAndTellsClientsOnlyWithOne() {
        NodeSettings settings = accepted(Map.of(
                "KONG_PROXY_LISTEN", "0.0.0.0:8000 proxy_protocol backlog=9", "KONG_REAL_IP_HEADER", "proxy_protocol"));

        assertThat(settings.proxyListen())
                .containsExactly(new ListenSettings("0.0.0.0", 8000, false, false, true, false, 9));
        assertThat(settings.proxy().realIpHeader()).isEqualTo(ProxySettings.PROXY_PROTOCOL);
        assertThat(refused(Map.of("KONG_REAL_IP_HEADER", "proxy_protocol")).toString())
                .contains("a listener of proxy_listen with proxy_protocol");
        assertThat(refused(Map.of("KONG_ADMIN_LISTEN", "127.0.0.1:8001 proxy_protocol")))
                .hasSize(1);
    }

    @Test
    void nameServersAreAddressesMaybeWithAPort() {
        assertThat(accepted(Map.of("KONG_DNS_RESOLVER", "10.0.0.1,10.0.0.2:5353,::1,[::1]:5353"))
                        .dns()
                        .servers())
                .containsExactly(
                        new InetSocketAddress("10.0.0.1", 53),
                        new InetSocketAddress("10.0.0.2", 5353),
                        new InetSocketAddress("::1", 53),
                        new InetSocketAddress("::1", 5353));
        assertThat(refused(Map.of("KONG_DNS_RESOLVER", "dns.test:53")).toString())
                .contains("dns.test:53 (expected: IP addresses, each maybe with a port)");
        assertThat(refused(Map.of("KONG_DNS_RESOLVER", "10.0.0.1:0"))).hasSize(1);
    }

    @Test
    void nginxDirectivesThatMeanSomethingHereAreUnderstood() {
        NodeSettings settings = accepted(Map.of(
                "KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE", "10m",
                "KONG_NGINX_PROXY_KEEPALIVE_TIMEOUT", "5s",
                "KONG_NGINX_EVENTS_WORKER_CONNECTIONS", "99",
                "KONG_NGINX_WORKER_PROCESSES", "2",
                "KONG_NGINX_PROXY_SET_REAL_IP_FROM", "10.0.0.0/8",
                "KONG_LARGE_CLIENT_HEADER_BUFFERS", "4 16k"));

        assertThat(settings.proxy().client().bodyBytes()).isEqualTo(10 << 20);
        assertThat(settings.proxy().client().idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.proxy().client().connections()).isEqualTo(99);
        assertThat(settings.proxy().client().headerBytes()).isEqualTo(64 << 10);
        assertThat(settings.proxy().client().headerLineBytes()).isEqualTo(16 << 10);
        assertThat(settings.eventLoops()).isEqualTo(2);
        assertThat(settings.proxy().trustedIps()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "off | UPSTREAM_REQUEST_ID",
                "server_tokens | SERVER VIA UPSTREAM_REQUEST_ID",
                "X-Kong-Upstream-Status, via | UPSTREAM_STATUS VIA UPSTREAM_REQUEST_ID"
            })
    void headersNameWhatTheGatewayAdds(String setting, String expected) {
        Set<TokenHeader> headers =
                accepted(Map.of("KONG_HEADERS", setting)).proxy().headers();

        assertThat(headers).extracting(Enum::name).containsExactlyInAnyOrder(expected.split(" "));
    }

    @Test
    void listenersMayBeOff() {
        assertThat(accepted(Map.of("KONG_ADMIN_LISTEN", "off")).adminListen()).isEmpty();
    }

    @Test
    void portMapsLeadFromTheListeningPortToTheOneClientsSee() {
        assertThat(accepted(Map.of("KONG_PORT_MAPS", "80:8000, 443:8443"))
                        .proxy()
                        .portMaps())
                .isEqualTo(Map.of(8000, 80, 8443, 443));
    }

    @Test
    void secretsAreMaskedWhereTheyAreShown() {
        NodeSettings settings = accepted(Map.of("KONG_DECLARATIVE_CONFIG_STRING", "_format_version: '3.0' # s3cret"));

        assertThat(settings.shown())
                .containsEntry("declarative_config_string", "******")
                .containsEntry("database", "off");
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings.declarativeConfigString())
                .hasValueSatisfying(text -> assertThat(text).contains("s3cret"));
    }

    @Test
    void valueMayNameTheVariableThatHoldsIt() {
        assertThat(accepted(Map.of("KONG_LOG_LEVEL", "{vault://env/my-level}", "MY_LEVEL", "warn"))
                        .logs()
                        .level())
                .isEqualTo("warn");
        assertThat(refused(Map.of("KONG_LOG_LEVEL", "{vault://env/my-level}"))).hasSize(1);
    }

    @Test
    void handshakesAreComputedByWhatIsAskedFor() {
        assertThat(accepted(Map.of()).tls().crypto()).isEqualTo(TlsSettings.Crypto.AUTO);
        assertThat(accepted(Map.of("SLUICE_SSL_CRYPTO", "jdk")).tls().crypto()).isEqualTo(TlsSettings.Crypto.JDK);
        assertThat(refused(Map.of("SLUICE_SSL_CRYPTO", "openssl")))
                .extracting(Problem::toString)
                .containsExactly("SLUICE_SSL_CRYPTO: openssl (expected: auto, jdk, native)");
    }

    @Test
    void certificatesNeedAKeyEach() throws IOException {
        Path file = write("pem");

        assertThat(refused(Map.of("KONG_SSL_CERT", file.toString())))
                .extracting(Problem::toString)
                .containsExactly("KONG_SSL_CERT: set without ssl_cert_key (expected: both)");
    }

    @Test
    void cipherSuitesBringTheirVersions() {
        assertThat(accepted(Map.of("KONG_SSL_CIPHER_SUITE", "modern"))
                        .tls()
                        .rules()
                        .protocols())
                .containsExactly("TLSv1.3");
        assertThat(accepted(Map.of()).tls().rules().suites())
                .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .noneMatch(suite -> suite.contains("CBC"));
        assertThat(accepted(Map.of("KONG_SSL_PROTOCOLS", "TLSv1.3"))
                        .tls()
                        .rules()
                        .protocols())
                .containsExactly("TLSv1.3");
        assertThat(refused(Map.of("KONG_SSL_CIPHER_SUITE", "modern", "KONG_SSL_PROTOCOLS", "TLSv1.2")))
                .hasSize(1);
    }

    @Test
    void customCipherSuitesAreWrittenAsOpenSslDoes() {
        assertThat(accepted(Map.of(
                                "KONG_SSL_CIPHER_SUITE",
                                "custom",
                                "KONG_SSL_CIPHERS",
                                "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA"))
                        .tls()
                        .rules()
                        .suites())
                .endsWith("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA");
        assertThat(refused(Map.of("KONG_SSL_CIPHER_SUITE", "custom", "KONG_SSL_CIPHERS", "HIGH:!aNULL")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("not 'HIGH'"));
    }

    @Test
    void everyKeyOfTheReferenceIsRead() {
        Set<String> keys = KongFile.values(ConfigFactory.defaultReference()).keySet();

        Set<String> read = new HashSet<>(accepted(Map.of()).shown().keySet());
        // Shown only when set.
        read.addAll(Set.of(
                "node_id",
                "prefix",
                "declarative_config",
                "declarative_config_string",
                "dns_valid_ttl",
                "admin_gui_api_url",
                "data_dir"));

        assertThat(read).isEqualTo(keys);
    }

    @Test
    void unreadableFileIsAProblem() {
        ReadSettings read = SettingsReader.read(Map.of(), Map.of(), Optional.of(folder.resolve("none.conf")));

        assertThat(((Refused) read).problems()).hasSize(1);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("kong.conf"), text);
    }

    private static NodeSettings accepted(Map<String, String> variables) {
        return ((Accepted) SettingsReader.read(variables, Map.of(), Optional.empty())).settings();
    }

    private static List<Problem> refused(Map<String, String> variables) {
        return ((Refused) SettingsReader.read(variables, Map.of(), Optional.empty())).problems();
    }
}
