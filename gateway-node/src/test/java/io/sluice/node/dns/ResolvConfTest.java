package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvConfTest {

    @Test
    void readsServersDomainsAndOptions() {
        ResolvConf conf = ResolvConf.parse("""
                # written by hand
                domain old.test
                nameserver 10.0.0.1
                nameserver   ::1
                search one.test two.test.
                options ndots:5 timeout:3 attempts:4 rotate
                """);

        assertThat(conf.servers())
                .containsExactly(new InetSocketAddress("10.0.0.1", 53), new InetSocketAddress("::1", 53));
        assertThat(conf.search()).containsExactly("one.test", "two.test");
        assertThat(conf.dots()).isEqualTo(5);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(conf.rounds()).isEqualTo(4);
    }

    @Test
    void passesOverNonsenseAndKeepsToBounds() {
        ResolvConf conf = ResolvConf.parse(
                "nameserver\nnameserver dns.test\nsearch\noptions ndots: timeout:999999 attempts:-1 ndots:99999999\n\u0000");

        assertThat(conf).isEqualTo(new ResolvConf(List.of(), List.of(), 1, Duration.ofSeconds(30), 2));
    }
}
