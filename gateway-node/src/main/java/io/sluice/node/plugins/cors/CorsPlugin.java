package io.sluice.node.plugins.cors;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Attachment;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cross-origin resource sharing (the Fetch standard): answers preflights itself and marks all other responses. */
public final class CorsPlugin implements Plugin {

    /** The kind {@code cors}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "cors";
        }

        @Override
        public int priority() {
            return 2000;
        }

        @Override
        public Schema settings() {
            return CorsSettings.SCHEMA;
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD);
        }

        @Override
        public boolean consumerScope() {
            return false;
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new CorsPlugin(CorsSettings.of(settings));
        }
    }

    private static final HeaderName ORIGIN = HeaderName.of("Origin");
    private static final HeaderName VARY = HeaderName.of("Vary");
    private static final HeaderName REQUEST_METHOD = HeaderName.of("Access-Control-Request-Method");
    private static final HeaderName REQUEST_HEADERS = HeaderName.of("Access-Control-Request-Headers");
    private static final HeaderName REQUEST_PRIVATE_NETWORK = HeaderName.of("Access-Control-Request-Private-Network");
    private static final HeaderName ALLOW_ORIGIN = HeaderName.of("Access-Control-Allow-Origin");
    private static final HeaderName ALLOW_CREDENTIALS = HeaderName.of("Access-Control-Allow-Credentials");
    private static final HeaderName ALLOW_HEADERS = HeaderName.of("Access-Control-Allow-Headers");
    private static final HeaderName ALLOW_METHODS = HeaderName.of("Access-Control-Allow-Methods");
    private static final HeaderName ALLOW_PRIVATE_NETWORK = HeaderName.of("Access-Control-Allow-Private-Network");
    private static final HeaderName EXPOSE_HEADERS = HeaderName.of("Access-Control-Expose-Headers");
    private static final HeaderName MAX_AGE = HeaderName.of("Access-Control-Max-Age");

    private final Attachment<Boolean> preflight = new Attachment<>();
    private final CorsSettings settings;

    CorsPlugin(CorsSettings settings) {
        this.settings = settings;
    }

    @Override
    public Verdict access(Exchange exchange) {
        Headers request = exchange.request().headers();
        boolean isPreflight = exchange.request().method().equals("OPTIONS")
                && request.contains(ORIGIN)
                && request.contains(REQUEST_METHOD);
        if (!isPreflight) {
            return Verdict.CONTINUE;
        }
        exchange.attach(preflight, true); // its response is complete, or the upstream's own
        return settings.passPreflight() ? Verdict.CONTINUE : answer(request);
    }

    private Verdict answer(Headers request) {
        List<Header> answer = new ArrayList<>(8);
        Decision decision = decide(request);
        add(answer, VARY, decision.vary() ? "Origin" : null);
        add(answer, ALLOW_ORIGIN, decision.origin());
        add(answer, ALLOW_CREDENTIALS, decision.credentials() ? "true" : null);
        String asked = request.first(REQUEST_HEADERS).orElse(null);
        add(answer, ALLOW_HEADERS, settings.headers() == null ? asked : settings.headers());
        add(answer, ALLOW_METHODS, settings.methods());
        add(answer, MAX_AGE, settings.maxAge());
        boolean privateNetwork = settings.privateNetwork()
                && request.first(REQUEST_PRIVATE_NETWORK).orElse("").equals("true");
        add(answer, ALLOW_PRIVATE_NETWORK, privateNetwork ? "true" : null);
        return new Verdict.Answer(200, List.copyOf(answer), new Verdict.Answer.Empty());
    }

    @Override
    public void responseHead(Exchange exchange) {
        if (exchange.attachment(preflight).isPresent()) {
            return;
        }
        MutableHeaders response = exchange.response().headers();
        Decision decision = decide(exchange.request().headers());
        if (decision.vary()) {
            response.add(VARY, "Origin");
        }
        if (decision.origin() == null) {
            response.remove(ALLOW_ORIGIN);
        } else {
            response.set(ALLOW_ORIGIN, decision.origin());
        }
        if (decision.credentials()) {
            response.set(ALLOW_CREDENTIALS, "true");
        }
        if (settings.exposedHeaders() != null) {
            response.set(EXPOSE_HEADERS, settings.exposedHeaders());
        }
    }

    /**
     * What a request's origin is told.
     *
     * @param origin the value of Access-Control-Allow-Origin; null for none
     */
    private record Decision(@Nullable String origin, boolean credentials, boolean vary) {}

    private Decision decide(Headers request) {
        String origin = request.first(ORIGIN).orElse(null);
        String allowed = settings.origins().allow(origin);
        boolean vary = settings.origins().varies();
        if (!settings.credentials()) {
            return new Decision(allowed, false, vary);
        }
        boolean any = settings.origins() instanceof AllowedOrigins.Any;
        if (!any) {
            return new Decision(allowed, true, vary);
        }
        // With credentials browsers do not take "*" for an answer.
        return origin == null ? new Decision(allowed, false, vary) : new Decision(origin, true, true);
    }

    private static void add(List<Header> headers, HeaderName name, @Nullable String value) {
        if (value != null) {
            headers.add(new Header(name, value));
        }
    }
}
