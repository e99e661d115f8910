package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 after a request in HTTP/1.1 that asks for it, on listeners where that is switched on. */
class Http2UpgradeIT {

    private static final int PROTOCOL_ERROR = 1;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final String ASK = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    private static final String SETTINGS = "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";

    private EchoUpstream upstream;
    private TestGateway gateway;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        upstream = new EchoUpstream();
        gateway = TestGateway.to(upstream.server());
        address = gateway.listenHttp2Upgrade();
    }

    @AfterEach
    void stop() {
        Awaitility.await().until(() -> gateway.activeRequests() == 0 && gateway.openConnections() == 0);
        gateway.close();
        upstream.close();
    }

    private RawHttp2 asking(String requestLine, String lines) {
        String head = requestLine + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
        return RawHttp2.connect(address).send(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theFirstRequestIsAnsweredAsStreamOne() throws Exception {
        try (RawHttp2 client = asking("GET /first", ASK + SETTINGS + "X-Some: value\r\n")) {
            String switched = client.readHead();
            client.begin();

            assertThat(switched)
                    .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
            assertThat(client.response(1).status()).isEqualTo(200);
            assertThat(upstream.next().head())
                    .startsWith("GET /first HTTP/1.1\r\n")
                    .contains("\r\nX-Some: value\r\n", "\r\nConnection: keep-alive\r\n", "\r\nVia: 2 kong/")
                    .doesNotContain("h2c", "HTTP2-Settings");
            assertThat(client.get(3, "/next").response(3).status()).isEqualTo(200);
            assertThat(upstream.next().head()).startsWith("GET /next ");
        }
    }

    @Test
    void theSettingsOfTheRequestHold() {
        byte[] windowOfThree = {0, 4, 0, 0, 0, 3};
        String settings = Base64.getUrlEncoder().withoutPadding().encodeToString(windowOfThree);
        try (RawUpstream large = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                TestGateway own = TestGateway.to(large);
                RawHttp2 client = RawHttp2.connect(own.listenHttp2Upgrade())) {
            client.send(("GET / HTTP/1.1\r\nHost: a\r\n" + ASK + "HTTP2-Settings: " + settings + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            client.readHead();
            client.begin(4, 3);

            assertThat(client.content(1, 3)).isEqualTo("hel");
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(100));
            assertThat(client.content(1, 2)).isEqualTo("lo");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ASK,
                ASK + SETTINGS + SETTINGS,
                ASK + "HTTP2-Settings: !\r\n",
                ASK + "HTTP2-Settings: AAMAAAB\r\n",
                "Upgrade: h2c\r\n" + SETTINGS,
                "Connection: Upgrade\r\nUpgrade: h2c\r\n" + SETTINGS,
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, x\r\n" + SETTINGS,
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2\r\n" + SETTINGS,
                "Content-Length: 1\r\n" + ASK + SETTINGS,
                "Transfer-Encoding: chunked\r\n" + ASK + SETTINGS
            })
    void whoDoesNotAskAsOneShouldGoesOnInHttp1(String lines) throws Exception {
        try (RawClient client = RawClient.connect(address)) {
            String body = lines.startsWith("Content") ? "x" : lines.startsWith("Transfer") ? "1\r\nx\r\n0\r\n\r\n" : "";
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n" + body);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(upstream.next().head()).doesNotContain("h2c", "HTTP2-Settings");
        }
    }

    @Test
    void onlyTheFirstRequestMayAsk() throws Exception {
        try (RawClient client = RawClient.connect(address)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + ASK + SETTINGS + "\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** Two parties must never read one request each in what follows the first. */
    @Test
    void whatFollowsIsFramesAndNothingElse() throws Exception {
        String behind = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        try (RawHttp2 client = asking("GET /first", ASK + SETTINGS + "\r\n" + behind)) {
            client.readHead();

            assertThat(client.goAwayCode()).isEqualTo(PROTOCOL_ERROR);
        }
        Awaitility.await().until(() -> gateway.activeRequests() == 0);
        while (upstream.pending() > 0) {
            assertThat(upstream.next().head()).startsWith("GET /first ");
        }
    }

    @Test
    void tooManySettingsEndTheConnection() {
        String settings = Base64.getUrlEncoder().encodeToString(new byte[65 * 6]);
        try (RawHttp2 client = asking("GET /", ASK + "HTTP2-Settings: " + settings + "\r\n")) {
            client.readHead();

            assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }
}
