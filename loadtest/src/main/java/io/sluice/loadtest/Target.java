package io.sluice.loadtest;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** Where to send requests: an address, a path with its query, and header lines to add to each. */
record Target(InetSocketAddress address, String path, List<String> headers) {

    /** @param url an absolute http URL with a port */
    static Target of(String url, List<String> headers) {
        var uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(url + " (expected: http://host:port/path)");
        }
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(new InetSocketAddress(uri.getHost(), uri.getPort()), path + query, headers);
    }

    Target withPath(String other) {
        return new Target(address, other, headers);
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
