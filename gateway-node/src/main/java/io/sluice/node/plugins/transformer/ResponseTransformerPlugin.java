package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugins.transformer.Edits.Rendered;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/**
 * Changes a response on its way to the client: headers, and the top-level members of JSON bodies. Bodies of up to
 * {@value #LARGEST_BODY} bytes are held back until they are complete; longer, compressed and malformed ones pass unchanged.
 */
public final class ResponseTransformerPlugin implements Plugin {

    static final int LARGEST_BODY = 8 << 20;
    private static final HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");
    private static final HeaderName CONTENT_ENCODING = HeaderName.of("Content-Encoding");

    /** The kind {@code response-transformer}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "response-transformer";
        }

        @Override
        public int priority() {
            return 800;
        }

        @Override
        public Schema settings() {
            return TransformerSchema.response();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.RESPONSE_HEAD, Phase.RESPONSE_BODY);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new ResponseTransformerPlugin(
                    Edits.of(settings, "headers", HeaderName::of, Template::constant),
                    Edits.of(settings, "json", name -> name, Template::constant));
        }
    }

    private final Edits<HeaderName> headers;
    private final Edits<String> json;

    ResponseTransformerPlugin(Edits<HeaderName> headers, Edits<String> json) {
        this.headers = headers;
        this.json = json;
    }

    @Override
    public void responseHead(Exchange exchange) {
        HeaderEdits.apply(headers.render(null), exchange.response().headers(), host -> {});
    }

    @Override
    public Optional<BodyFilter> responseBody(Exchange exchange) {
        Headers head = exchange.response().headers();
        boolean readable = !json.isEmpty() && isJson(head) && !head.contains(CONTENT_ENCODING);
        return readable ? Optional.of(new JsonFilter(json.render(null))) : Optional.empty();
    }

    private static boolean isJson(Headers head) {
        for (String mediaType : head.first(CONTENT_TYPE).orElse("").split(",")) {
            int parameters = mediaType.indexOf(';');
            String bare = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
            if (bare.strip().equalsIgnoreCase("application/json")) {
                return true;
            }
        }
        return false;
    }

    /** Holds the body back until it is complete; gives up, and passes everything on, if it grows too long. */
    private static final class JsonFilter implements BodyFilter {

        private final Rendered<String> edits;
        private ByteString held = ByteString.emptyByteString();
        private boolean passing;

        JsonFilter(Rendered<String> edits) {
            this.edits = edits;
        }

        @Override
        public ByteString onChunk(ByteString chunk) {
            if (passing) {
                return chunk;
            }
            held = held.concat(chunk);
            if (held.size() <= LARGEST_BODY) {
                return ByteString.emptyByteString();
            }
            passing = true;
            ByteString all = held;
            held = ByteString.emptyByteString();
            return all;
        }

        @Override
        public ByteString onEnd() {
            if (held.isEmpty()) {
                return held;
            }
            return JsonEdits.apply(edits, held.toArray())
                    .map(ByteString::fromArray)
                    .orElse(held);
        }
    }
}
