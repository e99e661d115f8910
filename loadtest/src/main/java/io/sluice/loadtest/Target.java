package io.sluice.loadtest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** Where to send requests: an address, over TLS or not, a path with its query, and header lines to add to each. */
record Target(InetSocketAddress address, boolean tls, String path, List<String> headers) {

    /** @param url an absolute http or https URL with a port */
    static Target of(String url, List<String> headers) {
        var uri = URI.create(url);
        var tls = "https".equals(uri.getScheme());
        if ((!tls && !"http".equals(uri.getScheme())) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(url + " (expected: http://host:port/path or https)");
        }
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(new InetSocketAddress(uri.getHost(), uri.getPort()), tls, path + query, headers);
    }

    Target withPath(String other) {
        return new Target(address, tls, other, headers);
    }

    /** A new connection to it. */
    Socket connect(int timeoutMillis) throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(timeoutMillis);
        return tls ? TrustingTls.over(socket) : socket;
    }

    /** The head of a request, with the empty line that ends it. */
    String head(String method, String... more) {
        var head = new StringBuilder(256);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(address.getHostString()).append(':').append(address.getPort());
        headers.forEach(line -> head.append("\r\n").append(line));
        for (var line : more) {
            head.append("\r\n").append(line);
        }
        return head.append("\r\n\r\n").toString();
    }
}
