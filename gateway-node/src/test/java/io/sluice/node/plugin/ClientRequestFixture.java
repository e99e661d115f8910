package io.sluice.node.plugin;

import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** A request in memory; the path is taken as already normalised. */
public final class ClientRequestFixture implements ClientRequest {
    private static final HeaderName HOST = HeaderName.of("Host");

    final String method;
    final String target;
    final HeadersFixture headers = new HeadersFixture();
    String scheme = "http";
    String httpVersion = "1.1";
    String refusedLine;
    int port = 80;
    String sni;
    InetAddress client = address("127.0.0.1");
    InetAddress peer = address("127.0.0.1");
    ByteString body = ByteString.emptyByteString();
    OptionalLong contentLength = OptionalLong.of(0);
    CompletableFuture<Void> awaited = CompletableFuture.completedFuture(null);
    int bodyReads;

    ClientRequestFixture(String method, String target) {
        this.method = method;
        this.target = target;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    @Override
    public String rawTarget() {
        return target;
    }

    @Override
    public String rawQuery() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    @Override
    public List<String> queryValues(String name) {
        var values = new ArrayList<String>();
        for (String pair : rawQuery().split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()
                    && decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    @Override
    public Optional<String> refusedLine() {
        return Optional.ofNullable(refusedLine);
    }

    @Override
    public String httpVersion() {
        return httpVersion;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public String host() {
        return headers.first(HOST).orElse("").toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public InetAddress clientAddress() {
        return client;
    }

    @Override
    public String clientIp() {
        return client.getHostAddress();
    }

    @Override
    public InetAddress peerAddress() {
        return peer;
    }

    @Override
    public int peerPort() {
        return 54321;
    }

    @Override
    public Optional<String> sni() {
        return Optional.ofNullable(sni);
    }

    @Override
    public HeadersFixture headers() {
        return headers;
    }

    @Override
    public OptionalLong contentLength() {
        return contentLength;
    }

    @Override
    public long size() {
        return method.length() + target.length() + headers.toString().length() + (long) body.size();
    }

    @Override
    public CompletionStage<ByteString> body(long limit) {
        bodyReads++;
        return awaited.thenCompose(nothing -> body.size() > limit
                ? CompletableFuture.failedFuture(new BodyTooLargeException(limit))
                : CompletableFuture.completedFuture(body));
    }

    /** How often the body was asked for. */
    public int bodyReads() {
        return bodyReads;
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByAddress(Cidr.addressBytes(literal).orElseThrow());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
