package io.sluice.node.upstream;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import java.util.List;

/**
 * The cookie that keeps a client with its target. A client without it is given one with a new value.
 *
 * @param path where the client shall send it
 */
public record KeyCookie(String name, String path) {

    private static final HeaderName COOKIE = HeaderName.of("Cookie");

    /** The value of Set-Cookie for a new value. */
    String line(String value) {
        return name + "=" + value + "; Path=" + path + "; SameSite=Lax; HttpOnly";
    }

    /** Whether a value of Set-Cookie sets this cookie. */
    public boolean setBy(String line) {
        return line.length() > name.length() && line.startsWith(name) && line.charAt(name.length()) == '=';
    }

    /** The value that the client sent; empty without one. */
    String sent(Exchange exchange) {
        List<String> lines = exchange.request().headers().all(COOKIE);
        for (int i = 0; i < lines.size(); i++) {
            String value = in(lines.get(i));
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    /** The value in a line of Cookie; empty without one. */
    String in(String line) {
        for (int from = 0; from < line.length(); ) {
            int end = line.indexOf(';', from);
            end = end < 0 ? line.length() : end;
            while (from < end && line.charAt(from) == ' ') {
                from++;
            }
            int value = from + name.length() + 1;
            if (value <= end && line.startsWith(name, from) && line.charAt(value - 1) == '=') {
                return line.substring(value, end).strip();
            }
            from = end + 1;
        }
        return "";
    }
}
