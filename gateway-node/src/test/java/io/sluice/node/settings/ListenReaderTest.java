package io.sluice.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenReaderTest {

    @Test
    void readsAddressesWithWhatStandsBehindThem() {
        assertThat(ListenReader.read("0.0.0.0:8000 http2 h2c backlog=9, [::1]:8443 ssl http2 proxy_protocol reuseport"))
                .containsExactly(
                        new ListenSettings("0.0.0.0", 8000, false, true, true, false, false, 9),
                        new ListenSettings("::1", 8443, true, true, false, true, true, 511));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8000 h2c", "0.0.0.0:8000 h2c http2 ssl", "0.0.0.0:8000 h2c ssl"})
    void anUpgradeIsForPlainListenersOfHttp2(String text) {
        assertThatThrownBy(() -> ListenReader.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("h2c only behind http2 and without ssl");
    }

    @Test
    void anUpgradeIsForProxyListeners() {
        var given = Map.of("KONG_ADMIN_LISTEN", "127.0.0.1:8001 http2 h2c");

        assertThat(SettingsReader.read(given, Map.of(), Optional.empty()).toString())
                .contains("h2c (expected: a listener without it; only proxy_listen has it)");
    }
}
