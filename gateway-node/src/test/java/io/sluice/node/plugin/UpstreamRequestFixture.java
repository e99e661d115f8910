package io.sluice.node.plugin;

import io.sluice.node.route.PathNormalizer;
import io.sluice.node.route.UpstreamPath;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** The request to the upstream, in memory. */
public final class UpstreamRequestFixture implements UpstreamRequest {
    private final HeadersFixture headers = new HeadersFixture();
    private String method;
    private String path;
    private String query;
    private String host;
    private ByteString body;
    private long bodyLimit = Long.MAX_VALUE;
    private Verdict.Answer tooLarge;

    UpstreamRequestFixture(ClientRequestFixture request) {
        method = request.method();
        path = request.path();
        query = request.rawQuery();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public void method(String method) {
        this.method = method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void path(String path) {
        this.path = path;
    }

    @Override
    public String pathValue(String octets) {
        return UpstreamPath.encodeValue(octets);
    }

    @Override
    public int dotSegments(String text) {
        return PathNormalizer.dotSegments(text);
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public void query(String query) {
        this.query = query;
    }

    @Override
    public HeadersFixture headers() {
        return headers;
    }

    @Override
    public void host(String host) {
        this.host = host;
    }

    @Override
    public void body(ByteString body) {
        this.body = body;
    }

    @Override
    public void limitBody(long bytes, Verdict.Answer tooLarge) {
        if (bytes < bodyLimit) {
            this.bodyLimit = bytes;
            this.tooLarge = tooLarge;
        }
    }

    /** The Host header a plugin asked for. */
    public Optional<String> sentHost() {
        return Optional.ofNullable(host);
    }

    /** The body a plugin put in the place of the client's. */
    public Optional<String> sentBody() {
        return Optional.ofNullable(body).map(ByteString::utf8String);
    }

    /** What happens when that many bytes of a body have streamed: an answer if they are too many. */
    public Optional<Verdict.Answer> stream(long bytes) {
        return bytes > bodyLimit ? Optional.of(tooLarge) : Optional.empty();
    }
}
