package io.sluice.node.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            /,                          '',         /,      '',     ''
            /a/b,                       '',         /a/b,   '',     ''
            /a?x=1,                     '',         /a,     ?x=1,   x=1
            /a?,                        '',         /a,     ?,      ''
            /?x?y=/../%zz,              '',         /,      ?x?y=/../%zz,  x?y=/../%zz
            //a//b?q,                   '',         //a//b, ?q,     q
            /http://x/,                 '',         /http://x/, '', ''
            *,                          '',         *,      '',     ''
            http://a.example,           a.example,  /,      '',     ''
            http://a.example/b?c,       a.example,  /b,     ?c,     c
            HTTPS://A.example:8443?c/d, A.example:8443, /,  ?c/d,   c/d
            http://[::1]:80/b,          '[::1]:80', /b,     '',     ''
            """)
    void takesTheTargetApart(String target, String authority, String path, String search, String query) {
        var parsed = RequestTarget.parse(target);

        assertThat(parsed).isEqualTo(new RequestTarget(authority, path, search));
        assertThat(parsed.query()).isEqualTo(query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "?x",
                "**",
                "example.org:443",
                "example.org",
                "ftp://a/b",
                "http:/a",
                "http://",
                "http:///a",
                "http://?q",
                "http://user@a/b",
                "http://user:pw@a/b",
                "/a#b",
                "/a?b#c",
                "/a b",
                "/a\tb",
                "/a?\u0001",
                "/a\u007F"
            })
    void refusesWhatIsNoTargetForAGateway(String target) {
        assertThat(RequestTarget.parse(target)).isNull();
    }

    @Test
    void knowsARequestAboutTheServer() {
        assertThat(RequestTarget.parse("*").isServer()).isTrue();
        assertThat(RequestTarget.parse("/*").isServer()).isFalse();
    }

    @Test
    void keepsAnOriginTargetWithoutQueryAsItIs() {
        String target = "/api/v1";

        assertThat(RequestTarget.parse(target).path()).isSameAs(target);
    }
}
