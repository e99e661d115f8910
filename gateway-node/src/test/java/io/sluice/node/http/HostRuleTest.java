package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {

    private static boolean valid(String host) {
        byte[] bytes = Bytes.of("<<" + host + ">>");
        return HostRule.valid(bytes, 2, bytes.length - 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A.example",
                "a-b_c~d",
                "*.example",
                "a.",
                "a:",
                "a:0",
                "a:80",
                "a:65535",
                "a:00080",
                "1.2.3.4",
                "[::1]",
                "[::1]:",
                "[::1]:443",
                "[2001:db8::FF00:1.2.3.4]",
                "a%20b",
                "\u00e9.example",
                "xn--caf-dma"
            })
    void acceptsHosts(String host) {
        assertThat(valid(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a,b",
                "a/b",
                "a\\b",
                "a?b",
                "a#b",
                "u@a",
                "u:p@a",
                "\"a\"",
                "<a>",
                "a;b",
                "a=b",
                "a&b",
                "(a)",
                "a'b",
                "a|b",
                "a^b",
                "a`b",
                "{a}",
                "a\tb",
                "a\0",
                ":80",
                ":",
                "a:65536",
                "a:99999",
                "a:100000",
                "a:000080",
                "a:x",
                "a:-1",
                "a:+1",
                "a: 80",
                "a:80 ",
                "a:80:80",
                "a::",
                "[",
                "[]",
                "[:]x",
                "[::1",
                "[::1]a",
                "[::1]80",
                "::1",
                "[x]",
                "[[::1]]",
                "[::1%25eth0]",
                "a]",
                "a[b]",
                "[::1]:65536"
            })
    void refusesEverythingElse(String host) {
        assertThat(valid(host)).isFalse();
    }
}
