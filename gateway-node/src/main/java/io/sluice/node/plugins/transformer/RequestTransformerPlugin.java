package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.BodyTooLargeException;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.UpstreamRequest;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Changes a request on its way to the upstream: path, method, headers, body, query, in this order. Templates see the request
 * as it was before. Bodies are read whole, up to {@value #LARGEST_BODY} bytes, and only if there is something to change in
 * them.
 */
public final class RequestTransformerPlugin implements Plugin {

    static final long LARGEST_BODY = 8L << 20;
    private static final HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "TRACE");

    /** The kind {@code request-transformer}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "request-transformer";
        }

        @Override
        public int priority() {
            return 801;
        }

        @Override
        public Schema settings() {
            return TransformerSchema.request();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            Optional<String> uri = settings.record("replace").optionalString("uri");
            return new RequestTransformerPlugin(
                    uri.map(PathTemplate::parse).orElse(null),
                    settings.optionalString("http_method").orElse(null),
                    Edits.of(settings, "headers", HeaderName::of, Template::parse),
                    Edits.of(settings, "body", name -> name, Template::parse),
                    Edits.of(settings, "querystring", name -> name, Template::parse));
        }
    }

    /** The bodies that can be changed. */
    private enum BodyKind {
        JSON("application/json"),
        MULTIPART("multipart/form-data"),
        FORM("application/x-www-form-urlencoded"),
        OTHER("");

        private final String mediaType;

        BodyKind(String mediaType) {
            this.mediaType = mediaType;
        }

        static BodyKind of(String contentType) {
            String lower = contentType.toLowerCase(Locale.ROOT);
            for (BodyKind kind : values()) {
                if (lower.contains(kind.mediaType)) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    private final @Nullable PathTemplate uri;
    private final @Nullable String method;
    private final Edits<HeaderName> headers;
    private final Edits<String> body;
    private final Edits<String> query;

    RequestTransformerPlugin(
            @Nullable PathTemplate uri,
            @Nullable String method,
            Edits<HeaderName> headers,
            Edits<String> body,
            Edits<String> query) {
        this.uri = uri;
        this.method = method;
        this.headers = headers;
        this.body = body;
        this.query = query;
    }

    @Override
    public Verdict access(Exchange exchange) {
        UpstreamRequest upstream = exchange.upstream();
        TemplateInput input = new ExchangeInput(exchange);
        String path = uri == null ? "" : uri.render(input, upstream).orElse(null);
        if (path == null) {
            return Verdict.error(400, "Bad request");
        }
        Rendered<HeaderName> headerEdits = headers.render(input);
        Rendered<String> bodyEdits = body.render(input);
        Rendered<String> queryEdits = query.render(input);

        if (!path.isEmpty()) {
            upstream.path(path);
        }
        boolean formToQuery = false;
        if (method != null) {
            upstream.method(method);
            formToQuery = BODILESS.contains(method) && BodyKind.of(contentType(upstream)) == BodyKind.FORM;
        }
        if (!headers.isEmpty()) {
            HeaderEdits.apply(headerEdits, upstream.headers(), upstream::host);
        }
        boolean bodyChanges = !body.isEmpty() && BodyKind.of(contentType(upstream)) != BodyKind.OTHER;
        if (formToQuery || bodyChanges) {
            return withBody(exchange, formToQuery, bodyChanges ? bodyEdits : null, queryEdits);
        }
        changeQuery(upstream, queryEdits);
        return Verdict.CONTINUE;
    }

    private Verdict withBody(
            Exchange exchange, boolean formToQuery, @Nullable Rendered<String> bodyEdits, Rendered<String> queryEdits) {
        UpstreamRequest upstream = exchange.upstream();
        return new Verdict.Later(exchange.request().body(LARGEST_BODY).handle((bytes, failure) -> {
            if (failure != null) {
                return tooLarge(failure);
            }
            if (formToQuery && !bytes.isEmpty()) {
                String more = UrlEncoded.encoded(bytes.toArray());
                String before = upstream.query();
                upstream.query(before.isEmpty() || more.isEmpty() ? before + more : before + "&" + more);
            }
            if (bodyEdits != null) {
                changedBody(bodyEdits, bytes.toArray(), contentType(upstream))
                        .ifPresent(changed -> upstream.body(ByteString.fromArray(changed)));
            }
            changeQuery(upstream, queryEdits);
            return Verdict.CONTINUE;
        }));
    }

    private static Optional<byte[]> changedBody(Rendered<String> edits, byte[] body, String contentType) {
        return switch (BodyKind.of(contentType)) {
            case JSON -> JsonEdits.apply(edits, body);
            case MULTIPART -> MultipartEdits.apply(edits, body, contentType);
            case FORM -> {
                // one char per byte: what is not changed stays as it came
                String form = new String(body, StandardCharsets.ISO_8859_1);
                yield Optional.of(FormEdits.apply(edits, form).getBytes(StandardCharsets.ISO_8859_1));
            }
            case OTHER -> Optional.empty();
        };
    }

    private void changeQuery(UpstreamRequest upstream, Rendered<String> edits) {
        if (!query.isEmpty()) {
            upstream.query(FormEdits.apply(edits, upstream.query()));
        }
    }

    private static Verdict tooLarge(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BodyTooLargeException) {
            return Verdict.error(413, "Request body is too large to be transformed");
        }
        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }

    private static String contentType(UpstreamRequest upstream) {
        return upstream.headers().first(CONTENT_TYPE).orElse("");
    }
}
