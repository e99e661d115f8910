package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.Cidr;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client cannot say who it is or where it came from unless its peer is trusted (hostile-input, section 5). */
class IdentityHeaderIT {

    private static RawUpstream upstream;
    private static TestGateway gateway;
    private static TestGateway trusting;

    @BeforeAll
    static void start() {
        upstream = RawUpstream.ok();
        gateway = TestGateway.to(upstream);
        trusting = gateway("X-Forwarded-For", true, "127.0.0.1/32", "10.0.0.0/8");
    }

    @BeforeEach
    void forgetHeads() {
        upstream.forgetHeads();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        trusting.close();
        upstream.close();
    }

    private static TestGateway gateway(String realIpHeader, boolean recursive, String... trusted) {
        ProxySettings usual = ProxySettings.DEFAULT;
        ProxySettings settings = new ProxySettings(
                List.of(trusted).stream()
                        .map(text -> Cidr.parse(text).orElseThrow())
                        .toList(),
                realIpHeader,
                recursive,
                usual.headers(),
                usual.errorDefaultType(),
                usual.portMaps(),
                usual.allowDebugHeader(),
                usual.client(),
                usual.pool());
        return TestGateway.start(Configs.to(upstream.port()), settings, List.of());
    }

    private static String forwarded(TestGateway by, String lines) throws InterruptedException {
        by.exchange("GET /raw/../p?q HTTP/1.1\r\nHost: Example.Test:81\r\n" + lines + "\r\n");
        return upstream.nextHead();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Consumer-ID",
                "x-consumer-id",
                "X-CONSUMER-USERNAME",
                "X_Consumer_Id",
                "x_consumer-custom_id",
                "X-Consumer-Custom-ID",
                "X-Consumer-Groups",
                "X-Credential-Identifier",
                "X_Credential_Username",
                "X-Authenticated-Userid",
                "X-Authenticated_Scope",
                "X-Authenticated-Groups",
                "X-Anonymous-Consumer",
                "x_anonymous_consumer",
                "X-Kong-Request-Id",
                "X_Kong_Request_Id",
                "X-Real-IP",
                "X_Real_IP",
                "X-Real_IP",
                "X_Forwarded_For",
                "X_FORWARDED_PROTO",
                "X-Forwarded_Host",
                "X-Forwarded-Port",
                "X-Forwarded-Path",
                "X-Forwarded-Prefix",
                "X-Forwarded-Scheme",
                "X-Forwarded-Client-Cert"
            })
    void removesWhatOnlyTheGatewayMaySay(String name) throws InterruptedException {
        String head = forwarded(gateway, name + ": forged\r\n" + name + ": forged\r\n");

        assertThat(head).doesNotContain("forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Consumer", "XX-Consumer-Id", "X-Consumers-Id", "X-Real-IPs", "Real-IP", "Forwarded"})
    void keepsNamesThatOnlyLookAlike(String name) throws InterruptedException {
        assertThat(Heads.values(forwarded(gateway, name + ": mine\r\n"), name)).containsExactly("mine");
    }

    @Test
    void saysWhereAnUntrustedClientCameFromItself() throws InterruptedException {
        String head = forwarded(
                gateway,
                "X-Real-IP: 6.6.6.6\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\n"
                        + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 443\r\n"
                        + "X-Forwarded-Path: /evil\r\nX-Forwarded-Prefix: /evil\r\n"
                        + "Connection: X-Forwarded-For, X-Real-IP, X-Forwarded-Proto\r\n");

        assertThat(Heads.values(head, "X-Real-IP")).containsExactly("127.0.0.1");
        assertThat(Heads.values(head, "X-Forwarded-For")).containsExactly("6.6.6.6, 7.7.7.7, 127.0.0.1");
        assertThat(Heads.values(head, "X-Forwarded-Proto")).containsExactly("http");
        assertThat(Heads.values(head, "X-Forwarded-Host")).containsExactly("example.test");
        assertThat(Heads.values(head, "X-Forwarded-Port"))
                .containsExactly("" + gateway.address().getPort());
        assertThat(Heads.values(head, "X-Forwarded-Path")).containsExactly("/raw/../p");
        assertThat(Heads.values(head, "X-Forwarded-Prefix")).isEmpty();
    }

    @Test
    void believesATrustedPeer() throws InterruptedException {
        String head = forwarded(
                trusting,
                "X-Real-IP: 6.6.6.6\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
                        + "X-Forwarded-Host: front\r\nX-Forwarded-Port: 443\r\nX-Forwarded-Path: /front\r\n"
                        + "X-Forwarded-Prefix: /pre\r\nX-Forwarded-Client-Cert: Hash=1\r\nX-Consumer-ID: forged\r\n");

        assertThat(Heads.values(head, "X-Real-IP")).containsExactly("9.9.9.9");
        assertThat(Heads.values(head, "X-Forwarded-For")).containsExactly("9.9.9.9, 127.0.0.1");
        assertThat(Heads.values(head, "X-Forwarded-Proto")).containsExactly("https");
        assertThat(Heads.values(head, "X-Forwarded-Host")).containsExactly("front");
        assertThat(Heads.values(head, "X-Forwarded-Port")).containsExactly("443");
        assertThat(Heads.values(head, "X-Forwarded-Path")).containsExactly("/front");
        assertThat(Heads.values(head, "X-Forwarded-Prefix")).containsExactly("/pre");
        assertThat(Heads.values(head, "X-Forwarded-Client-Cert")).containsExactly("Hash=1");
        assertThat(head).doesNotContain("forged");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'9.9.9.9', 9.9.9.9",
                "'9.9.9.9, 10.0.0.1', 9.9.9.9",
                "'9.9.9.9, 10.0.0.1, 10.9.9.9', 9.9.9.9",
                "'6.6.6.6, 9.9.9.9, 10.0.0.1', 9.9.9.9",
                "'10.0.0.2, 10.0.0.1', 10.0.0.2",
                "'9.9.9.9:1234', 9.9.9.9",
                "'[2001:db8::1]:80', 2001:db8::1",
                "'2001:db8::1', 2001:db8::1",
                "'unknown', 127.0.0.1",
                "'9.9.9.9, unknown', 127.0.0.1",
                "'9.9.9.9, unknown, 10.0.0.1', 10.0.0.1",
                "'9.9.9.9, 127.1', 127.0.0.1",
                "'', 127.0.0.1",
                "-, 127.0.0.1"
            })
    void findsTheClientBehindTrustedAddresses(String list, String client) throws InterruptedException {
        String head = forwarded(trusting, list == null ? "" : "X-Forwarded-For: " + list + "\r\n");

        assertThat(Heads.values(head, "X-Real-IP")).containsExactly(client);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, '9.9.9.9, 8.8.8.8', 8.8.8.8",
        "X-Forwarded-For, '9.9.9.9, 127.0.0.1', 127.0.0.1",
        "X-Real-IP, '9.9.9.9', 9.9.9.9",
        "CF-Connecting-IP, '9.9.9.9', 9.9.9.9",
        "X-Real-IP, 'nonsense', 127.0.0.1"
    })
    void takesTheLastAddressOfTheConfiguredHeader(String header, String value, String client)
            throws InterruptedException {
        try (TestGateway simple = gateway(header, false, "127.0.0.0/8")) {
            String head = forwarded(simple, header + ": " + value + "\r\n");

            assertThat(Heads.values(head, "X-Real-IP")).containsExactly(client);
        }
    }

    @Test
    void beginsXForwardedForWithTheClientThatAnotherHeaderTold() throws InterruptedException {
        try (TestGateway other = gateway("X-Real-IP", false, "127.0.0.0/8")) {
            String head = forwarded(other, "X-Real-IP: 9.9.9.9\r\n");

            assertThat(Heads.values(head, "X-Forwarded-For")).containsExactly("9.9.9.9");
        }
    }

    @Test
    void doesNotBelieveAPeerOutsideTheTrustedBlocks() throws InterruptedException {
        try (TestGateway other = gateway("X-Forwarded-For", true, "10.0.0.0/8", "::1/128")) {
            String head = forwarded(other, "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n");

            assertThat(Heads.values(head, "X-Real-IP")).containsExactly("127.0.0.1");
            assertThat(Heads.values(head, "X-Forwarded-Proto")).containsExactly("http");
        }
    }
}
