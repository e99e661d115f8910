package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same through curl; left out where there is none that speaks HTTP/2. */
class CurlHttp2IT {

    private static final CertifiedKey KEY =
            TestAuthority.root("authority").issue("localhost").read();

    private static EchoUpstream upstream;
    private static TestGateway gateway;
    private static InetSocketAddress plain;
    private static InetSocketAddress tls;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(run("--version").contains("HTTP2"), "no curl that speaks HTTP/2");
        upstream = new EchoUpstream();
        gateway = TestGateway.to(upstream.server());
        plain = gateway.listenHttp2();
        tls = gateway.listenTlsHttp2(KEY);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
            upstream.close();
        }
    }

    private static String run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "--max-time", "20"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            process.waitFor();
            return output;
        } catch (IOException e) {
            return "";
        }
    }

    private static String plain() {
        return "http://localhost:" + plain.getPort() + "/x";
    }

    private static String secure() {
        return "https://localhost:" + tls.getPort() + "/x";
    }

    @Test
    void isServedOverTls() throws Exception {
        String answer = run("-k", "--http2", "-i", "-d", "hello", secure());

        assertThat(answer).startsWith("HTTP/2 200").endsWith("\r\n\r\nhello");
    }

    @Test
    void isServedByPriorKnowledge() throws Exception {
        String answer = run("--http2-prior-knowledge", "-i", "-d", "hello", plain());

        assertThat(answer).startsWith("HTTP/2 200").endsWith("\r\n\r\nhello");
    }

    @Test
    void isServedByHttp1WhereItAsksForAnUpgrade() throws Exception {
        String answer = run("--http2", "-i", plain());

        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void isServedByHttp2WhereItMayAskForAnUpgrade() throws Exception {
        String url = "http://localhost:" + gateway.listenHttp2Upgrade().getPort() + "/x";
        String answer = run("--http2", "-i", url, url);

        assertThat(answer).startsWith("HTTP/1.1 101 ").contains("\r\n\r\nHTTP/2 200");
        assertThat(answer.split("HTTP/2 200", -1)).hasSize(3);
        assertThat(run("--http1.1", "-i", url)).startsWith("HTTP/1.1 200");
    }

    @Test
    void isServedByHttp1OverTls() throws Exception {
        assertThat(run("-k", "--http1.1", "-i", secure())).startsWith("HTTP/1.1 200");
    }

    @Test
    void sendsManyLargeBodiesOverOneConnection() throws Exception {
        String body = "0123456789".repeat(10_000);
        String[] arguments = {"-k", "--http2", "-d", body, secure(), secure(), secure(), secure(), secure()};

        assertThat(run(arguments)).isEqualTo(body.repeat(5));
    }

    @Test
    void sendsABodyOfUnknownLength() throws Exception {
        assertThat(run("-k", "--http2", "-H", "Content-Length:", "-d", "hello", secure()))
                .isEqualTo("hello");
        assertThat(run("--http2-prior-knowledge", "-H", "Content-Length:", "-d", "hello", plain()))
                .isEqualTo("hello");
    }
}
