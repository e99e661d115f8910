package io.sluice.node.plugins.requestsizelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.node.plugin.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSizeLimitingPluginTest {
    private static final Verdict TOO_LARGE = Verdict.error(413, "Request size limit exceeded");
    private static final Verdict EXPECTATION_FAILED = Verdict.error(417, "Request size limit exceeded");
    private static final Verdict LENGTH_REQUIRED = Verdict.error(411, "A valid Content-Length header is required");

    @ParameterizedTest
    @CsvSource({
        "128, megabytes, 134217728",
        "2, kilobytes, 2048",
        "5, bytes, 5",
        "0, bytes, 0",
        "999999999999999, megabytes, 9223372036854775806"
    })
    void refusesOneByteMoreThanAllowed(long size, String unit, long most) {
        var plugin = plugin(Map.of("allowed_payload_size", size, "size_unit", unit));

        assertThat(post().contentLength(most).access(plugin)).isEqualTo(Verdict.CONTINUE);
        if (most < Long.MAX_VALUE - 1) {
            assertThat(post().contentLength(most + 1).access(plugin)).isEqualTo(TOO_LARGE);
        }
    }

    @Test
    void allows128MegabytesByDefault() {
        assertThat(post().contentLength(128 << 20).access(plugin(Map.of()))).isEqualTo(Verdict.CONTINUE);
        assertThat(post().contentLength((128 << 20) + 1).access(plugin(Map.of())))
                .isEqualTo(TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue"})
    void aClientThatWaitsIsToldThatItsExpectationFailed(String expect) {
        var exchange = post().contentLength(9).header("Expect", expect);

        assertThat(exchange.access(plugin(Map.of("allowed_payload_size", 8, "size_unit", "bytes"))))
                .isEqualTo(EXPECTATION_FAILED);
    }

    @Test
    void countsABodyOfUnknownLengthWhileItStreams() {
        var plugin = plugin(Map.of("allowed_payload_size", 8, "size_unit", "bytes"));
        var exchange = post().chunked("123456789");

        assertThat(exchange.access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(exchange.upstream().stream(8)).isEmpty();
        assertThat(exchange.upstream().stream(9)).contains((Verdict.Answer) TOO_LARGE);
        assertThat(exchange.request().bodyReads()).isZero();
    }

    @Test
    void requiresALengthUnlessTheBodyIsChunked() {
        var plugin = plugin(Map.of("require_content_length", true));

        assertThat(post().access(plugin)).isEqualTo(LENGTH_REQUIRED);
        assertThat(post().contentLength(0).access(plugin)).isEqualTo(Verdict.CONTINUE);
        assertThat(post().chunked("x").access(plugin)).isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void requestsWithoutABodyPass() {
        assertThat(ExchangeFixture.get("/").access(plugin(Map.of("allowed_payload_size", 0))))
                .isEqualTo(Verdict.CONTINUE);
    }

    private static ExchangeFixture post() {
        return ExchangeFixture.request("POST", "/");
    }

    private static Plugin plugin(Map<String, Object> settings) {
        return PluginContextFixture.empty().create(new RequestSizeLimitingPlugin.Factory(), settings);
    }
}
