package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

    private static final Origins ANY_LOCAL = new Origins(List.of());
    private static final Origins NAMED = new Origins(List.of("https://manager.example:8445"));

    @ParameterizedTest
    @CsvSource({
        "http://localhost, 127.0.0.1",
        "http://localhost:8002, 10.0.0.1",
        "https://127.0.0.1:8445, localhost",
        "http://[::1]:8002, [::1]",
        "http://10.0.0.1:8002, 10.0.0.1",
        "http://[2001:db8::1]:8002, [2001:db8::1]"
    })
    void pagesOfThisMachineAndOfTheApisOwnAddressMay(String origin, String ownHost) {
        assertThat(ANY_LOCAL.allow(origin, ownHost)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example:8001, evil.example",
        "http://evil.example, 127.0.0.1",
        "http://node.internal:8002, node.internal",
        "http://10.0.0.2:8002, 10.0.0.1",
        "http://localhost.evil.example, localhost.evil.example",
        "http://127.0.0.1.evil.example, 127.0.0.1.evil.example",
        "http://localhost@evil.example, evil.example",
        "http://2130706433, 2130706433",
        "null, 127.0.0.1",
        "'', 127.0.0.1",
        "http://, 127.0.0.1",
        "'http://a b', 127.0.0.1",
        "file:///tmp/page.html, 127.0.0.1"
    })
    void aNameThatLeadsHereProvesNothing(String origin, String ownHost) {
        assertThat(ANY_LOCAL.allow(origin, ownHost)).isFalse();
    }

    @Test
    void theManagersOriginAloneMayIfItIsSet() {
        assertThat(NAMED.allow("https://manager.example:8445", "10.0.0.1")).isTrue();
        assertThat(NAMED.allow("http://manager.example:8445", "10.0.0.1")).isFalse();
        assertThat(NAMED.allow("https://manager.example", "10.0.0.1")).isFalse();
        assertThat(NAMED.allow("http://localhost:8002", "localhost")).isFalse();
        assertThat(NAMED.allow("http://10.0.0.1", "10.0.0.1")).isFalse();
    }
}
