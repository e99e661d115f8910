package io.sluice.node.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for the router's tests. */
record Requests(
        String method,
        String host,
        int port,
        String path,
        Map<String, List<String>> headers,
        boolean tls,
        @Nullable String sni)
        implements RouteRequest {

    static Requests get(String host, String path) {
        return new Requests("GET", host, 80, path, Map.of(), false, null);
    }

    Requests method(String changed) {
        return new Requests(changed, host, port, path, headers, tls, sni);
    }

    Requests port(int changed) {
        return new Requests(method, host, changed, path, headers, tls, sni);
    }

    Requests header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        var values = new ArrayList<>(more.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        values.add(value);
        more.put(name.toLowerCase(Locale.ROOT), values);
        return new Requests(method, host, port, path, more, tls, sni);
    }

    Requests overTls(@Nullable String serverName) {
        return new Requests(method, host, port, path, headers, true, serverName);
    }

    @Override
    public List<String> headerValues(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
