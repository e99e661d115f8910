package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** h2load and openssl as clients; left out where they are missing. */
class ClientProgramsIT {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final TestAuthority CLIENTS = TestAuthority.root("clients");
    private static final CertifiedKey FALLBACK = AUTHORITY.issue("localhost").read();
    private static final Issued OWN = AUTHORITY.issue("own.test");
    private static final String CA = "aaaaaaaa-0000-4000-8000-000000000001";

    private static final String BASE = """
            services:
            - {name: s, host: 127.0.0.1, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/], strip_path: false}
            consumers:
            - {username: alice.test}
            """
            + "certificates:\n- {cert: " + quoted(OWN.certificates()) + ", key: " + quoted(OWN.key())
            + ", snis: [{name: own.test}]}\n";
    private static final String GUARDED = BASE + "ca_certificates:\n- {id: " + CA + ", cert: " + quoted(CLIENTS.pem())
            + "}\nplugins:\n- {name: mtls-auth, config: {revocation_check_mode: SKIP, ca_certificates: [" + CA
            + "]}}\n";

    @TempDir
    private Path folder;

    private static String quoted(String pem) {
        return '"' + pem.replace("\n", "\\n") + '"';
    }

    private static String load(String protocol, String address, InetSocketAddress to) {
        List<String> command = new ArrayList<>(List.of("h2load", "-n", "2000", "-c", "4", "-m", "32"));
        if (!protocol.isEmpty()) {
            command.add(protocol);
        }
        command.add(address + "://localhost:" + to.getPort() + "/x");
        return Program.run("", command);
    }

    @Test
    void h2loadIsServedByHttp2OverTlsAndPlain() {
        Program.require("h2load");
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            assertThat(load("", "https", pipeline.gateway().listenTlsHttp2(FALLBACK)))
                    .contains("Application protocol: h2\n", "2000 succeeded, 0 failed, 0 errored, 0 timeout");
            assertThat(load("", "http", pipeline.gateway().listenHttp2()))
                    .contains("Application protocol: h2c\n", "2000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    @Test
    void h2loadIsServedByHttp1() {
        Program.require("h2load");
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            assertThat(load("--h1", "https", pipeline.gateway().listenTlsHttp2(FALLBACK)))
                    .contains("2000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    private static String openssl(InetSocketAddress address, String input, String... more) {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + address.getPort()));
        command.addAll(List.of(more));
        return Program.run(input, command);
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, TLSv1.2", "-tls1_3, TLSv1.3"})
    void opensslIsShownTheCertificateOfTheNameAndOfferedHttp2(String option, String version) {
        Program.require("openssl");
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            InetSocketAddress address = pipeline.gateway().listenTlsHttp2(FALLBACK);
            String own = openssl(address, "", option, "-servername", "own.test", "-alpn", "h2");
            String other = openssl(address, "", option, "-servername", "x.test", "-alpn", "foo,http/1.1");

            assertThat(own).contains("New, " + version + ", Cipher is ", "ALPN protocol: h2\n");
            assertThat(own).containsPattern("subject=CN ?= ?own.test");
            assertThat(other).contains("ALPN protocol: http/1.1\n").containsPattern("subject=CN ?= ?localhost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_1", "-tls1"})
    void opensslIsRefusedWithVersionsOfOld(String option) {
        Program.require("openssl");
        try (Pipeline pipeline = Pipeline.of(BASE)) {
            assertThat(openssl(pipeline.gateway().listenTlsHttp2(FALLBACK), "", option, "-cipher", "ALL:@SECLEVEL=0"))
                    .contains("New, (NONE), Cipher is (NONE)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslIsKnownByItsCertificate(String option) throws Exception {
        Program.require("openssl");
        Issued alice = CLIENTS.issue("alice.test");
        Path certificate = file("c.pem", alice.certificates());
        Path key = file("k.pem", alice.key());
        String request = "GET / HTTP/1.1\r\nHost: own.test\r\nConnection: close\r\n\r\n";
        String[] quiet = {option, "-servername", "own.test", "-quiet", "-ign_eof"};
        String[] known = {
            option,
            "-servername",
            "own.test",
            "-quiet",
            "-ign_eof",
            "-cert",
            certificate.toString(),
            "-key",
            key.toString()
        };
        try (Pipeline pipeline = Pipeline.of(GUARDED)) {
            InetSocketAddress address = pipeline.gateway().listenTlsHttp2(FALLBACK);

            assertThat(openssl(address, request, quiet)).contains("HTTP/1.1 401 ");
            assertThat(openssl(address, request, known)).contains("HTTP/1.1 200 ");
            assertThat(pipeline.seen().header("X-Consumer-Username")).contains("alice.test");
        }
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
