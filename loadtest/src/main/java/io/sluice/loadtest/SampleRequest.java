package io.sluice.loadtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.node.route.RouteRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as the router sees it; one header at most. */
record SampleRequest(
        String method,
        String host,
        String path,
        String header,
        List<String> values,
        @Nullable String sni) implements RouteRequest {

    static SampleRequest get(String host, String path) {
        return new SampleRequest("GET", host, path, "", List.of(), null);
    }

    /** The same with host and path as a codec makes them: new objects whose hash nobody has computed yet. */
    SampleRequest fresh() {
        return new SampleRequest(method, copy(host), copy(path), header, values, sni);
    }

    private static String copy(String text) {
        return new String(text.getBytes(ISO_8859_1), ISO_8859_1);
    }

    @Override
    public int port() {
        return 443;
    }

    @Override
    public List<String> headerValues(String name) {
        return name.equals(header) ? values : List.of();
    }

    @Override
    public boolean tls() {
        return sni != null;
    }
}
