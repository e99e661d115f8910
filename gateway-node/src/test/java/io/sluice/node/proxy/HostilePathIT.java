package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.GatewayConfig;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routing, plugins and upstream see one and the same path, however it is written (hostile-input, section 6). */
class HostilePathIT {

    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

    private static RawUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.ok();
        GatewayConfig config = Configs.of(
                List.of(
                        Configs.service("guarded", upstream.port(), "/G", 0, 5_000),
                        Configs.service("public", upstream.port(), "/P", 0, 5_000)),
                List.of(Configs.route("admin", "guarded", "/admin"), Configs.route("rest", "public", "/")),
                List.of());
        gateway = TestGateway.start(config, ProxySettings.DEFAULT, HostilePathIT::saw);
    }

    @BeforeEach
    void forgetHeads() {
        upstream.forgetHeads();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static void saw(Exchange exchange) {
        SEEN.add(exchange.request().path());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/admin, /G/admin, /admin",
                "/open/../admin, /G/admin, /admin",
                "/open/%2e%2e/admin, /G/admin, /admin",
                "/open/.%2E/admin, /G/admin, /admin",
                "//admin, /G/admin, /admin",
                "/./admin, /G/admin, /admin",
                "/.//%2e//admin/./x, /G/admin/x, /admin/x",
                "/%61dmin, /G/admin, /admin",
                "/%41dmin, /P/Admin, /Admin",
                "/admin/../open, /P/open, /open",
                "/admin/%2e%2e/open, /P/open, /open",
                "/admin%2Fx, /G/admin%2Fx, /admin%2Fx",
                "/%2fadmin, /P/%2Fadmin, /%2Fadmin",
                "/open%2fadmin, /P/open%2Fadmin, /open%2Fadmin",
                "/open/%252e%252e/admin, /P/open/%252e%252e/admin, /open/%252e%252e/admin",
                "/%2561dmin, /P/%2561dmin, /%2561dmin",
                "/open;a=b/x, /P/open;a=b/x, /open;a=b/x",
                "/open;a=b/../admin, /G/admin, /admin",
                "/open/%2e, /P/open/, /open/",
                "/open/%20x, /P/open/%20x, /open/ x",
                "/open?x=/../admin, /P/open?x=/../admin, /open",
                "/open?, /P/open?, /open",
                "http://example.test/open/../admin, /G/admin, /admin",
                "http://example.test?q, /P?q, /",
                "/op%c3%a9n, /P/op%C3%A9n, /op\u00c3\u00a9n",
                "/op%ffn, /P/op%FFn, /op\u00ffn",
                "/x\\y, /P/x%5Cy, /x\\y",
                "/x%0d%0aEvil:%20y, /P/x%0D%0AEvil:%20y, /x%0D%0AEvil: y"
            })
    void decidesByThePathThatTheUpstreamGets(String sent, String received, String decided) throws InterruptedException {
        SEEN.clear();

        RawClient.Response response = gateway.exchange("GET " + sent + " HTTP/1.1\r\nHost: example.test\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(Heads.target(upstream.nextHead())).isEqualTo(received);
        assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(decided);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/open/%2e%2e%2fadmin",
                "/open/..%2fadmin",
                "/open/..%5cadmin",
                "/open/..\\admin",
                "/open\\..\\admin",
                "/open/..;/admin",
                "/open/..;x=y/admin",
                "/open/%2e%2e;/admin",
                "/open/..%3b/admin",
                "/admin%00",
                "/admin%00.css",
                "/%c0%ae%c0%ae/admin",
                "/open/%e0%80%ae%e0%80%ae/admin",
                "/open%c0%afadmin",
                "/open#/../admin",
                "/../admin",
                "/open/../../admin",
                "/a/%zz",
                "/a/%",
                "/a/%1",
                "admin",
                "*/admin",
                "http:///admin",
                "http://user@example.test/admin",
                "ftp://example.test/admin",
                "http://other.test/admin"
            })
    void refusesAPathThatCouldBeReadInAnotherWay(String sent) {
        RawClient.Response response = gateway.exchange("GET " + sent + " HTTP/1.1\r\nHost: example.test\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Connection")).contains("close");
        assertThat(upstream.pendingHeads()).isZero();
    }
}
