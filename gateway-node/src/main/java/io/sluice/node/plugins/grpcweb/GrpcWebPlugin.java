package io.sluice.node.plugins.grpcweb;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.BodyTooLargeException;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Response;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Turns gRPC-web requests into gRPC for a service of that protocol and its responses back. Calls in gRPC itself pass. Requests in
 * JSON, for which Kong wants {@code proto}, are not translated: they are answered 415.
 */
public final class GrpcWebPlugin implements Plugin {

    /** The kind {@code grpc-web}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "grpc-web";
        }

        @Override
        public int priority() {
            return 3;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                    Field.string("proto"),
                    Field.bool("pass_stripped_path", false),
                    Field.string("allow_origin_header").defaultsTo("*"));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD, Phase.RESPONSE_BODY);
        }

        @Override
        public boolean consumerScope() {
            return false;
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new GrpcWebPlugin(settings.bool("pass_stripped_path"), settings.string("allow_origin_header"));
        }
    }

    private static final String GRPC = "application/grpc";
    private static final String WEB = "application/grpc-web";
    private static final String WEB_TEXT = "application/grpc-web-text";
    private static final HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");
    private static final HeaderName TE = HeaderName.of("TE");
    private static final HeaderName ALLOW_ORIGIN = HeaderName.of("Access-Control-Allow-Origin");
    private static final Exchange.Attachment<String> ASKED = new Exchange.Attachment<>();

    /** The longest request in base64, which has to be read whole. */
    private static final long MAX_TEXT = 8 << 20;

    private static final Verdict.Answer PREFLIGHT = Verdict.exit(200, "text/plain", ByteString.fromString("OK"))
            .header("Access-Control-Allow-Methods", "POST")
            .header("Access-Control-Allow-Headers", "content-type,x-grpc-web,x-user-agent");
    private static final Verdict.Answer WRONG_TYPE = Verdict.error(
            415, "Unknown gRPC-web content type (expected: " + WEB + " or " + WEB_TEXT + ", maybe with +proto)");
    private static final Verdict.Answer WRONG_TEXT = Verdict.error(400, "The body is not base64");
    private static final Verdict.Answer TOO_LARGE = Verdict.error(413, "Request size limit exceeded");

    private final boolean strippedPath;
    private final String allowOrigin;

    GrpcWebPlugin(boolean strippedPath, String allowOrigin) {
        this.strippedPath = strippedPath;
        this.allowOrigin = allowOrigin;
    }

    @Override
    public Verdict access(Exchange exchange) {
        if (exchange.request().method().equals("OPTIONS")) {
            return PREFLIGHT;
        }
        String type = exchange.request().headers().first(CONTENT_TYPE).orElse("");
        String name = mediaType(type);
        boolean text = name.equals(WEB_TEXT) || name.equals(WEB_TEXT + "+proto");
        if (!text && !name.equals(WEB) && !name.equals(WEB + "+proto")) {
            boolean grpc = name.equals(GRPC) || name.startsWith(GRPC + "+");
            return grpc ? Verdict.CONTINUE : WRONG_TYPE;
        }
        exchange.attach(ASKED, type);
        exchange.upstream().headers().set(CONTENT_TYPE, GRPC);
        exchange.upstream().headers().set(TE, "trailers");
        if (!strippedPath) {
            exchange.upstream().path(exchange.request().path());
        }
        return text ? decoded(exchange) : Verdict.CONTINUE;
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static Verdict decoded(Exchange exchange) {
        return new Verdict.Later(
                exchange.request().body(MAX_TEXT).handle((body, failure) -> decoded(exchange, body, failure)));
    }

    private static Verdict decoded(Exchange exchange, @Nullable ByteString text, @Nullable Throwable failure) {
        if (text == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof BodyTooLargeException) {
                return TOO_LARGE;
            }
            throw new CompletionException(cause);
        }
        ByteString bytes = Base64Pieces.decoded(text);
        if (bytes == null) {
            return WRONG_TEXT;
        }
        exchange.upstream().body(bytes);
        return Verdict.CONTINUE;
    }

    @Override
    public void responseHead(Exchange exchange) {
        Response response = exchange.response();
        response.headers().set(ALLOW_ORIGIN, allowOrigin);
        exchange.attachment(ASKED).ifPresent(type -> response.headers().set(CONTENT_TYPE, type));
    }

    @Override
    public Optional<BodyFilter> responseBody(Exchange exchange) {
        if (exchange.response().source() != Response.Source.SERVICE) {
            return Optional.empty(); // says its status in the head
        }
        return exchange.attachment(ASKED)
                .map(type -> new WebBody(
                        mediaType(type).startsWith(WEB_TEXT),
                        exchange.response().headers()));
    }
}
