package io.sluice.node.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field (RFC 9110 section 6.6.1), made once a second. One per loop; not thread-safe. */
final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private long second = Long.MIN_VALUE;
    private byte[] line = new byte[0];

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    /** {@code Date: ...} and its line end. */
    byte[] line() {
        long now = clock.millis() / 1000;
        if (now != second) {
            second = now;
            line = ("Date: " + FORMAT.format(Instant.ofEpochSecond(now)) + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        return line;
    }
}
