package io.sluice.node.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {
    @ParameterizedTest
    @CsvSource({
        "http://a.test, http://a.test, a.test",
        "http://a.test:80, http://a.test, a.test",
        "https://a.test:443, https://a.test, a.test",
        "https://a.test:80, https://a.test:80, a.test",
        "http://a.test:8000, http://a.test:8000, a.test",
        "http://a.test:, http://a.test, a.test",
        "http://a.test/path:80, http://a.test, a.test",
        "http://u@a.test, http://a.test, a.test",
        "http://[::1]:8000, http://[::1]:8000, [::1]",
        "http://[::1], http://[::1], [::1]",
        "//a.test, a.test, a.test",
        "a.test, a.test, a.test",
        "a.test:8000, a.test:8000, a.test:8000",
        "null, null, null",
        "http://, http://, http://",
        "http:///x, http:///x, http:///x",
        "x//a.test, x//a.test, x//a.test"
    })
    void dropsWhatMakesNoDifference(String origin, String text, String host) {
        assertThat(Origin.of(origin)).isEqualTo(new Origin(text, host));
    }
}
