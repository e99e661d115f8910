package io.sluice.node.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCookieTest {

    private final KeyCookie cookie = new KeyCookie("sid", "/app");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'sid=1',             1",
                "'a=b; sid=1; c=d',   1",
                "'a=b;sid=1',         1",
                "'sid=1=2; sid=3',    1=2",
                "'xsid=1; sid=2',     2",
                "'sidx=1;  sid=2 ',   2",
                "'sid=; sid=2',       -",
                "'sid',               -",
                "'a=sid=1',           -",
                "'',                  -",
                "';;',                -"
            })
    void findsItsValueInALine(String line, String value) {
        assertThat(cookie.in(line)).isEqualTo(value == null ? "" : value);
    }

    @Test
    void isSetForItsPathAndHiddenFromScripts() {
        assertThat(cookie.line("v")).isEqualTo("sid=v; Path=/app; SameSite=Lax; HttpOnly");
    }

    @Test
    void knowsWhoElseSetsIt() {
        assertThat(cookie.setBy("sid=1; Path=/")).isTrue();
        assertThat(cookie.setBy("sidx=1")).isFalse();
        assertThat(cookie.setBy("sid")).isFalse();
    }
}
