package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.Cidr;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What decides whether and how a request is forwarded, apart from its route: protocols, trust, debugging. */
class ForwardingRuleIT {

    private RawUpstream upstream;

    @BeforeEach
    void start() {
        upstream = RawUpstream.ok();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static ProxySettings settings(boolean debug, String... trusted) {
        ProxySettings usual = ProxySettings.DEFAULT;
        return new ProxySettings(
                List.of(trusted).stream()
                        .map(text -> Cidr.parse(text).orElseThrow())
                        .toList(),
                "X-Forwarded-For",
                true,
                usual.headers(),
                usual.errorDefaultType(),
                usual.portMaps(),
                debug,
                usual.client(),
                usual.pool());
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HTTP", "HTTPS", "WS", "WSS", "GRPC", "GRPCS"})
    void sendsNothingToAServiceWhoseProtocolIsNotSpoken(Protocol protocol) {
        GatewayConfig config =
                Configs.services(Configs.to(upstream.port()), given -> Configs.speaking(given, protocol));
        try (TestGateway gateway = TestGateway.start(config)) {
            assertThat(gateway.get("/").status()).isEqualTo(502);
        }
        assertThat(upstream.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, Front.Test:444, https://front.test/p?q",
        "127.0.0.0/8, '[::1]:444',    https://[::1]/p?q",
        "127.0.0.0/8, a/b,            https://example.test/p?q",
        "10.0.0.0/8,  front.test,     https://example.test/p?q"
    })
    void redirectsToTheHostThatATrustedPeerTells(String trusted, String told, String location) {
        GatewayConfig config = Configs.of(
                List.of(Configs.service("s", upstream.port())),
                List.of(httpsOnly(Configs.route("r", "s", "/"))),
                List.of());
        try (TestGateway gateway = TestGateway.start(config, settings(false, trusted), List.of())) {
            RawClient.Response response = gateway.exchange(
                    "GET /p?q HTTP/1.1\r\nHost: example.test\r\nX-Forwarded-Host: " + told + "\r\n\r\n");

            assertThat(response.headers("Location")).containsExactly(location);
        }
    }

    private static Route httpsOnly(Route route) {
        return new Route(
                route.id(),
                route.name(),
                route.service(),
                Set.of(Protocol.HTTPS),
                List.of(),
                List.of(),
                route.paths(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                Route.PathHandling.V0,
                false,
                301,
                true,
                true,
                List.of(),
                0,
                0);
    }

    @Test
    void aRefusedTargetIsNotLoggedWithTheClientOfTheRequestBefore() throws InterruptedException {
        BlockingQueue<String> logged = new LinkedBlockingQueue<>();
        ExchangeLog log = exchange -> logged.add(
                exchange.request().clientIp() + " " + exchange.request().scheme());
        try (TestGateway gateway = TestGateway.start(Configs.to(upstream.port()), settings(false, "127.0.0.0/8"), log);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\n"
                            + "X-Forwarded-Proto: https\r\n\r\n")
                    .readResponse();
            client.send("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(logged.poll(10, TimeUnit.SECONDS)).isEqualTo("9.9.9.9 https");
            assertThat(logged.poll(10, TimeUnit.SECONDS)).isEqualTo("127.0.0.1 http");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1, r, s", "true, 0, '', ''", "false, 1, '', ''"})
    void namesRouteAndServiceToWhoMayAsk(boolean allowed, String asked, String route, String service) {
        try (TestGateway gateway = TestGateway.start(Configs.to(upstream.port()), settings(allowed), List.of())) {
            RawClient.Response response =
                    gateway.exchange("GET / HTTP/1.1\r\nHost: a\r\nKong-Debug: " + asked + "\r\n\r\n");

            assertThat(response.header("Kong-Route-Name").orElse("")).isEqualTo(route);
            assertThat(response.header("Kong-Service-Name").orElse("")).isEqualTo(service);
            assertThat(response.header("Kong-Route-Id").orElse(""))
                    .isEqualTo(route.isEmpty() ? "" : Configs.id(route).toString());
            assertThat(response.header("Kong-Service-Id").orElse(""))
                    .isEqualTo(service.isEmpty() ? "" : Configs.id(service).toString());
        }
    }

    @Test
    void writesTransferEncodingInItsUsualForm() throws InterruptedException {
        try (TestGateway gateway = TestGateway.to(upstream)) {
            gateway.exchange("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:   Chunked\r\n\r\n0\r\n\r\n");
        }

        assertThat(upstream.nextHead())
                .containsOnlyOnce("Transfer-Encoding: chunked\r\n")
                .doesNotContain("Chunked");
    }
}
