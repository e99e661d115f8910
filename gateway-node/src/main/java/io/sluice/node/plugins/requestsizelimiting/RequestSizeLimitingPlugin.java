package io.sluice.node.plugins.requestsizelimiting;

import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.OptionalLong;
import java.util.Set;

/** Refuses bodies longer than allowed: at once if the length is announced, else when too much has streamed. */
public final class RequestSizeLimitingPlugin implements Plugin {

    /** The kind {@code request-size-limiting}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "request-size-limiting";
        }

        @Override
        public int priority() {
            return 951;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                    Field.integer("allowed_payload_size").defaultsTo(128),
                    Field.string("size_unit", Rules.oneOf("megabytes", "kilobytes", "bytes"))
                            .defaultsTo("megabytes")
                            .mandatory(),
                    Field.bool("require_content_length", false).mandatory());
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            long unit = switch (settings.string("size_unit")) {
                case "bytes" -> 1;
                case "kilobytes" -> 1 << 10;
                default -> 1 << 20;
            };
            long size = settings.integer("allowed_payload_size");
            long most = size > Long.MAX_VALUE / unit ? Long.MAX_VALUE : size * unit;
            return new RequestSizeLimitingPlugin(most, settings.bool("require_content_length"));
        }
    }

    private static final HeaderName CONTENT_LENGTH = HeaderName.of("Content-Length");
    private static final HeaderName TRANSFER_ENCODING = HeaderName.of("Transfer-Encoding");
    private static final HeaderName EXPECT = HeaderName.of("Expect");
    private static final Verdict LENGTH_REQUIRED = Verdict.error(411, "A valid Content-Length header is required");
    private static final Verdict.Answer TOO_LARGE = Verdict.error(413, "Request size limit exceeded");
    private static final Verdict.Answer EXPECTATION_FAILED = Verdict.error(417, "Request size limit exceeded");

    private final long most;
    private final boolean lengthRequired;

    RequestSizeLimitingPlugin(long most, boolean lengthRequired) {
        this.most = most;
        this.lengthRequired = lengthRequired;
    }

    @Override
    public Verdict access(Exchange exchange) {
        ClientRequest request = exchange.request();
        if (lengthRequired && !announced(request)) {
            return LENGTH_REQUIRED;
        }
        OptionalLong length = request.contentLength();
        if (length.isEmpty()) {
            exchange.upstream().limitBody(most, tooLarge(request));
            return Verdict.CONTINUE;
        }
        return length.getAsLong() > most ? tooLarge(request) : Verdict.CONTINUE;
    }

    private static boolean announced(ClientRequest request) {
        return request.headers().contains(CONTENT_LENGTH) || has(request, TRANSFER_ENCODING, "chunked");
    }

    private static Verdict.Answer tooLarge(ClientRequest request) {
        return has(request, EXPECT, "100-continue") ? EXPECTATION_FAILED : TOO_LARGE;
    }

    private static boolean has(ClientRequest request, HeaderName name, String value) {
        return value.equalsIgnoreCase(request.headers().first(name).orElse(""));
    }
}
