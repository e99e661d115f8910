package io.sluice.node.observe;

import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.LineFile;
import java.util.Arrays;
import java.util.Optional;

/**
 * One line per request, in Kong's form of nginx's combined format or as the common JSON record. Credentials in
 * the query are masked ({@link Exchange#secretNames}), also in the Referer. Rendering happens on the
 * caller's event loop, writing on the file's own thread: if that cannot keep up, lines are dropped and counted. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {

    private static final HeaderName REFERER = HeaderName.of("Referer");
    private static final HeaderName USER_AGENT = HeaderName.of("User-Agent");

    /** What a line looks like. */
    public enum Format {
        /** {@code 1.2.3.4 - - [time] "GET / HTTP/1.1" 200 5 "referer" "agent" kong_request_id: "id"}. */
        COMBINED,
        /** The record that logging plugins send, one line. */
        JSON
    }

    private final LineFile file;
    private final Format format;

    public AccessLog(LineFile file, Format format) {
        this.file = file;
        this.format = format;
    }

    /** Writes the exchange's line; log phase only. */
    public void log(Exchange exchange, long nowMillis) {
        file.offer(format == Format.JSON ? jsonLine(exchange) : line(exchange, nowMillis));
    }

    /** Lines lost because the file was too slow. */
    public long dropped() {
        return file.dropped();
    }

    /** Writes what is queued and closes the file. */
    @Override
    public void close() {
        file.close();
    }

    static byte[] line(Exchange exchange, long nowMillis) {
        ClientRequest request = exchange.request();
        LogLine line = new LogLine(256);
        line.raw(request.clientIp()).raw(" - - [");
        line.time(nowMillis).raw("] \"");
        Optional<String> refused = request.refusedLine();
        if (refused.isPresent()) {
            line.escaped(exchange.secretNames().masked(refused.get())).raw("\" ");
        } else {
            line.escaped(request.method())
                    .raw(" ")
                    .escaped(exchange.secretNames().masked(request.rawTarget()));
            line.raw(protocol(request.httpVersion()));
        }
        line.number(exchange.response().status()).raw(" ");
        line.number(exchange.response().bodySize()).raw(" \"");
        line.escaped(exchange.secretNames().masked(field(request, REFERER)));
        line.raw("\" \"");
        line.escaped(field(request, USER_AGENT));
        line.raw("\" kong_request_id: \"").raw(exchange.id()).raw("\"\n");
        return line.bytes();
    }

    private static String field(ClientRequest request, HeaderName name) {
        Optional<String> value = request.headers().first(name);
        return value.isEmpty() || value.get().isEmpty() ? "-" : value.get();
    }

    private static String protocol(String version) {
        return switch (version) {
            case "1.1" -> " HTTP/1.1\" ";
            case "1.0" -> " HTTP/1.0\" ";
            default -> " HTTP/2.0\" ";
        };
    }

    private static byte[] jsonLine(Exchange exchange) {
        byte[] record = exchange.logRecord();
        byte[] line = Arrays.copyOf(record, record.length + 1);
        line[record.length] = '\n';
        return line;
    }
}
