package io.sluice.node.settings;

import io.sluice.state.model.Cidr;
import java.util.List;

/** Reads {@code proxy_listen} and its siblings: {@code 0.0.0.0:8443 http2 ssl backlog=16384, [::]:8000}, or {@code off}. */
final class ListenReader {

    private static final String EXPECTED =
            "address:port with ssl, http2, h2c, proxy_protocol, reuseport or backlog=N behind it, or off";
    private static final int BACKLOG = 511;

    private ListenReader() {}

    static List<ListenSettings> read(String text) {
        return text.strip().equals("off")
                ? List.of()
                : Values.split(text).stream().map(ListenReader::one).toList();
    }

    private static ListenSettings one(String text) {
        String[] words = text.split("\\s+");
        int colon = words[0].lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(EXPECTED);
        }
        boolean ssl = false;
        boolean http2 = false;
        boolean upgrade = false;
        boolean proxyProtocol = false;
        boolean reusePort = false;
        int backlog = BACKLOG;
        for (int i = 1; i < words.length; i++) {
            switch (words[i]) {
                case "ssl" -> ssl = true;
                case "http2" -> http2 = true;
                case "h2c" -> upgrade = true;
                case "proxy_protocol" -> proxyProtocol = true;
                case "reuseport" -> reusePort = true;
                default -> backlog = other(words[i], backlog);
            }
        }
        if (upgrade && (ssl || !http2)) {
            throw new IllegalArgumentException(EXPECTED + "; h2c only behind http2 and without ssl");
        }
        return new ListenSettings(
                host(words[0].substring(0, colon)),
                Values.number(words[0].substring(colon + 1), 0, 65535),
                ssl,
                http2,
                upgrade,
                proxyProtocol,
                reusePort,
                backlog);
    }

    private static String host(String written) {
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        String host = bracketed ? written.substring(1, written.length() - 1) : written;
        if (host.equals("localhost")) {
            return "127.0.0.1";
        }
        if (!Cidr.isAddress(host) || bracketed != host.contains(":")) {
            throw new IllegalArgumentException(EXPECTED + "; an IPv6 address in brackets");
        }
        return host;
    }

    /** The backlog after a word that is no plain flag. */
    private static int other(String word, int backlog) {
        if (word.startsWith("backlog=")) {
            return Values.number(word.substring("backlog=".length()), 1, 1 << 20);
        }
        boolean harmless = word.equals("deferred")
                || word.equals("bind")
                || word.startsWith("ipv6only=")
                || word.startsWith("so_keepalive=");
        if (!harmless) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return backlog;
    }
}
