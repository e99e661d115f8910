package io.sluice.node.boot;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one event as one line, plain or JSON. Control characters in what was logged are escaped: nobody forges a line or
 * moves the cursor of a terminal. Only the stack trace of a plain line goes over several lines.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final boolean json;

    LineEncoder(boolean json) {
        this.json = json;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (json) {
            writeJson(event, line);
        } else {
            writePlain(event, line);
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void writePlain(ILoggingEvent event, StringBuilder line) {
        String logger = event.getLoggerName();
        line.append(event.getInstant())
                .append(' ')
                .append(event.getLevel())
                .append(event.getLevel().levelStr.length() == 4 ? "  " : " ")
                .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                .append(": ");
        escape(event.getFormattedMessage(), line);
        for (KeyValuePair pair : pairs(event)) {
            line.append(' ').append(pair.key).append('=');
            escape(String.valueOf(pair.value), line);
        }
        if (event.getThrowableProxy() != null) {
            line.append('\n')
                    .append(ThrowableProxyUtil.asString(event.getThrowableProxy())
                            .stripTrailing());
        }
    }

    private void writeJson(ILoggingEvent event, StringBuilder line) {
        line.append('{');
        member("time", String.valueOf(event.getInstant()), line);
        member("level", event.getLevel().levelStr, line.append(','));
        member("logger", event.getLoggerName(), line.append(','));
        member("message", event.getFormattedMessage(), line.append(','));
        for (KeyValuePair pair : pairs(event)) {
            member(pair.key, String.valueOf(pair.value), line.append(','));
        }
        if (event.getThrowableProxy() != null) {
            member("error", ThrowableProxyUtil.asString(event.getThrowableProxy()), line.append(','));
        }
        line.append('}');
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? List.of() : pairs;
    }

    private void member(String name, String value, StringBuilder line) {
        line.append('"');
        escape(name, line);
        line.append("\":\"");
        escape(value, line);
        line.append('"');
    }

    private void escape(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (json && (c == '"' || c == '\\')) {
                        line.append('\\').append(c);
                    } else if (c < ' ' || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029') {
                        line.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
                        line.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
