package io.sluice.node.proxy;

import io.sluice.node.http.KnownField;
import io.sluice.node.plugin.HeaderName;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a call of gRPC has beyond a request: a deadline that the client names, and a status that says how it ended, also when its
 * answer has begun. Reused.
 */
final class GrpcCall {

    static final String DEADLINE_EXCEEDED = "4";

    private static final long NEVER = Long.MAX_VALUE;
    private static final HeaderName TIMEOUT = HeaderName.of("grpc-timeout");
    private static final int MOST_DIGITS = 8;
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(365);

    private long startNanos;
    private long nanos = NEVER;

    /**
     * A request begins.
     *
     * @param grpc whether it is one of gRPC
     * @param now as {@code System.nanoTime}
     */
    void begin(ProxyExchange exchange, boolean grpc, long now) {
        nanos = NEVER;
        if (!grpc) {
            return;
        }
        startNanos = now - exchange.age(now) * 1_000_000;
        Optional<String> said = exchange.client().head().fields().first(TIMEOUT);
        nanos = said.isPresent() ? nanos(said.get()) : NEVER;
    }

    /** Milliseconds until the deadline, at least 1; {@code Long.MAX_VALUE} without one. */
    long leftMillis(long now) {
        return nanos == NEVER ? NEVER : Math.max(1, (nanos - (now - startNanos)) / 1_000_000);
    }

    /** The time that a {@code grpc-timeout} says; never, if it says none, or more than a year. */
    static long nanos(String timeout) {
        int digits = timeout.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return NEVER;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = timeout.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NEVER;
            }
            value = value * 10 + digit;
        }
        long nanos = switch (timeout.charAt(digits)) {
            case 'H' -> TimeUnit.HOURS.toNanos(value);
            case 'M' -> TimeUnit.MINUTES.toNanos(value);
            case 'S' -> TimeUnit.SECONDS.toNanos(value);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
            case 'n' -> value;
            default -> NEVER;
        };
        return nanos <= MOST_NANOS ? nanos : NEVER;
    }

    /** The end of a chunked answer, in place of the upstream's. */
    static ByteBuffer end(String status, String message) {
        return ByteBuffer.wrap(
                ProxyContext.ascii("0\r\ngrpc-status: " + status + "\r\ngrpc-message: " + message + "\r\n\r\n"));
    }

    /** Whether an answer is one of gRPC: its trailers say whether it is whole. */
    static boolean answers(ProxyExchange exchange) {
        return exchange.answer()
                .head()
                .fields()
                .first(KnownField.CONTENT_TYPE.headerName())
                .orElse("")
                .startsWith("application/grpc");
    }
}
