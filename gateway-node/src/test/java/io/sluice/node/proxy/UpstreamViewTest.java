package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a plugin says, one request stays one request. */
class UpstreamViewTest {

    private final UpstreamView view = new UpstreamView(null);

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a=1&b=%7e+/?:@!$'()*;c-._~,   a=1&b=%7e+/?:@!$'()*;c-._~",
                "a=b c,                        a=b%20c",
                "a#b,                          a%23b",
                "`a\"<>[]^|\\{}`,              a%22%3C%3E%5B%5D%5E%7C%5C%7B%7D",
                "100%&%4&%zz&%41,              100%25&%254&%25zz&%41",
                "\u00e4,                       %E4",
                "\u010d\u010a,                 %C4%8D%C4%8A",
                "\u00e4\u20ac,                 %C3%A4%E2%82%AC",
                "\ud83d\ude00,                 %F0%9F%98%80",
            })
    void escapesWhatNoQueryHolds(String given, String sent) {
        view.query(given);

        assertThat(view.query()).isEqualTo(sent);
        assertThat(view.search()).isEqualTo("?" + view.query());
    }

    @Test
    void aLineBreakInTheQueryEndsNoRequestLine() {
        view.query("a HTTP/1.1\r\nHost: x\r\n\r\nGET /\0\u007f");

        assertThat(view.query()).isEqualTo("a%20HTTP/1.1%0D%0AHost:%20x%0D%0A%0D%0AGET%20/%00%7F");
    }

    @Test
    void aLineBreakInThePathEndsNoRequestLine() {
        view.path("x HTTP/1.1\r\n\u010d\u010a");

        assertThat(view.path()).isEqualTo("/x%20HTTP/1.1%0D%0A%C4%8D%C4%8A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /", "GET\r\nX:", "G\u00c9T", "GET\u010d", "GET:"})
    void refusesAMethodThatIsNoToken(String method) {
        assertThatThrownBy(() -> view.method(method))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX: y", "a\u010d\u010aX", "user@a", "a:99999", "a,b", "a/b"})
    void refusesAHostThatIsNone(String host) {
        assertThatThrownBy(() -> view.host(host))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a host");
    }

    @Test
    void takesTokensAndHosts() {
        view.method("M-SEARCH");
        view.host("[::1]:8080");

        assertThat(view.method()).isEqualTo("M-SEARCH");
        assertThat(view.host()).contains("[::1]:8080");
    }
}
