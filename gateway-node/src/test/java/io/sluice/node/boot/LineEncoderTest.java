package io.sluice.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {

    private static final String HOSTILE = "a\r\nb\u001b[31m \"c\" \\ \u2028\u0085";

    @Test
    void plainLineHasTimeLevelLoggerMessageAndPairs() {
        assertThat(line(false, "it runs", "v", null)).isEqualTo("2026-01-02T03:04:05Z INFO  Some: it runs key=v\n");
    }

    @Test
    void nobodyForgesALineOrMovesTheCursor() {
        String plain = line(false, HOSTILE, HOSTILE, null);
        String json = line(true, HOSTILE, HOSTILE, null);

        assertThat(plain.stripTrailing()).doesNotContain("\n", "\r", "\u001b", "\u2028", "\u0085");
        assertThat(json.stripTrailing()).doesNotContain("\n", "\r", "\u001b", "\u2028", "\u0085");
    }

    @Test
    void jsonLineKeepsEveryCharacter() throws Exception {
        var tree = new JsonMapper().readTree(line(true, HOSTILE, "v", new IllegalStateException("boom")));

        assertThat(tree.get("message").asText()).isEqualTo(HOSTILE);
        assertThat(tree.get("level").asText()).isEqualTo("INFO");
        assertThat(tree.get("key").asText()).isEqualTo("v");
        assertThat(tree.get("error").asText()).startsWith("java.lang.IllegalStateException: boom");
    }

    private static String line(boolean json, String message, String value, @Nullable Throwable failure) {
        Logger logger = new LoggerContext().getLogger("io.sluice.Some");
        LoggingEvent event = new LoggingEvent("x", logger, Level.INFO, message, failure, null);
        event.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
        event.addKeyValuePair(new KeyValuePair("key", value));
        return new String(new LineEncoder(json).encode(event), StandardCharsets.UTF_8);
    }
}
