package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.dns.DnsServer;
import io.sluice.node.dns.DnsServer.Manner;
import io.sluice.node.proxy.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets and services by host name (kong-3, sections 4.1 and 4.2). */
class NameResolutionIT {

    private static final String SERVICE = """
            services:
            - {name: s, host: a.test, port: UPSTREAM}
            - {name: literal, host: 127.0.0.1, port: UPSTREAM}
            - {name: local, host: localhost, port: UPSTREAM}
            routes:
            - {name: r, service: s, paths: [/]}
            - {name: l, service: literal, paths: [/literal]}
            - {name: h, service: local, paths: [/localhost]}
            """;

    private static final String UPSTREAM = """
            services:
            - {name: s, host: u}
            routes:
            - {name: r, service: s, paths: [/]}
            upstreams:
            - {name: u, FIELDS targets: [{target: 'a.test:UPSTREAM'}]}
            """;

    private final DnsServer dns = DnsServer.start();
    private final EchoUpstream upstream = EchoUpstream.ok();

    @AfterEach
    void close() {
        dns.close();
        upstream.close();
    }

    private Pipeline pipeline(String yaml) {
        return Pipeline.asking(dns.address(), upstream, yaml);
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVICE, UPSTREAM})
    void letsTheFirstRequestWaitForTheAddress(String yaml) {
        dns.a("a.test", 60, "127.0.0.1");
        try (Pipeline pipeline = pipeline(yaml.replace("FIELDS", ""))) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVICE, UPSTREAM})
    void answers503UntilTheNameExists(String yaml) {
        try (Pipeline pipeline = pipeline(yaml.replace("FIELDS", ""))) {
            RawClient.Response response = pipeline.send("GET /");
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).contains("name resolution failed");

            dns.a("a.test", 60, "127.0.0.1");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> pipeline.send("GET /").status() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/literal", "/localhost"})
    void isNotHeldUpByAServerThatSaysNothing(String path) {
        dns.manner(Manner.SILENT);
        try (Pipeline pipeline = pipeline(SERVICE)) {
            long start = System.nanoTime();

            assertThat(pipeline.send("GET " + path).status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void followsANameToAnotherAddressAndKeepsItWhileTheServerFails() {
        dns.a("a.test", 1, "127.0.0.1");
        try (Pipeline pipeline = pipeline(UPSTREAM.replace("FIELDS", ""))) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);

            dns.remove("a.test").a("a.test", 1, "127.0.0.9");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> pipeline.send("GET /").status() == 502);
            dns.remove("a.test").a("a.test", 1, "127.0.0.1");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> pipeline.send("GET /").status() == 200);
            dns.manner(Manner.SERVFAIL);
            int before = dns.asked().size();
            await().atMost(Duration.ofSeconds(10)).until(() -> dns.asked().size() >= before + 4);
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);
        }
    }

    @Test
    void takesThePortOfServiceRecordsAndTheirNameIfThatIsWanted() throws Exception {
        String port = String.valueOf(upstream.port());
        dns.srv("a.test", 60, 1, 1, upstream.port(), "n1.test").a("n1.test", 60, "127.0.0.1");
        String yaml = UPSTREAM.replace("a.test:UPSTREAM", "a.test:1").replace("FIELDS", "use_srv_name: true,");
        try (Pipeline pipeline = pipeline(yaml)) {
            assertThat(pipeline.send("GET /").status()).isEqualTo(200);

            assertThat(upstream.next().header("Host")).contains("n1.test:" + port);
        }
    }
}
