package io.sluice.node.plugins.keyauth;

import io.sluice.node.plugin.AnonymousAccess;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.UpstreamRequest;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Authenticates the consumer whose key a request carries. With the key in a header that is one hash look-up. */
public final class KeyAuthPlugin implements Plugin {

    /** The kind {@code key-auth}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "key-auth";
        }

        @Override
        public int priority() {
            return 1250;
        }

        @Override
        public Schema settings() {
            return KeyAuthSettings.SCHEMA;
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public boolean consumerScope() {
            return false;
        }

        @Override
        public Set<String> secretNames(Settings settings) {
            return Set.copyOf(settings.strings("key_names"));
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new KeyAuthPlugin(
                    KeyAuthSettings.of(settings),
                    KeyAuthIndex.of(context),
                    AnonymousAccess.of(settings, context),
                    context.clock());
        }
    }

    /** The longest body that is searched for a key. */
    private static final long MAX_BODY = 1 << 20;

    private final KeyAuthSettings settings;
    private final KeyAuthIndex keys;
    private final AnonymousAccess anonymous;
    private final InstantSource clock;
    private final Verdict.Answer duplicate;
    private final Verdict.Answer missing;
    private final Verdict.Answer unknown;

    KeyAuthPlugin(KeyAuthSettings settings, KeyAuthIndex keys, AnonymousAccess anonymous, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.anonymous = anonymous;
        this.clock = clock;
        this.duplicate = refusal("Duplicate API key found");
        this.missing = refusal("No API key found in request");
        this.unknown = refusal("Unauthorized");
    }

    private Verdict.Answer refusal(String message) {
        return Verdict.error(401, message).header("WWW-Authenticate", settings.challenge());
    }

    @Override
    public Verdict access(Exchange exchange) {
        ClientRequest request = exchange.request();
        if (!settings.onPreflight() && request.method().equals("OPTIONS") || anonymous.satisfied(exchange)) {
            return Verdict.CONTINUE;
        }
        if (!needsBody(request)) {
            return decide(exchange, KeyBody.NONE);
        }
        return new Verdict.Later(request.body(MAX_BODY)
                .handle((bytes, failure) ->
                        decide(exchange, failure == null ? KeyBody.of(request, bytes) : KeyBody.NONE)));
    }

    private boolean needsBody(ClientRequest request) {
        if (!settings.inBody() || request.contentLength().orElse(1) == 0 || !KeyBody.readable(request)) {
            return false;
        }
        return settings.hide()
                || settings.names().isEmpty()
                || outsideBody(request, settings.names().get(0)).isEmpty();
    }

    private Verdict decide(Exchange exchange, KeyBody body) {
        for (HeaderName name : settings.names()) {
            List<String> values = outsideBody(exchange.request(), name);
            if (values.isEmpty()) {
                values = body.values(name.text());
            }
            if (values.size() > 1) {
                return anonymous.refuse(exchange, duplicate);
            }
            if (!values.isEmpty()) {
                if (settings.hide()) {
                    remove(exchange.upstream(), name, body);
                }
                return authenticate(exchange, values.get(0));
            }
        }
        return anonymous.refuse(exchange, missing);
    }

    private List<String> outsideBody(ClientRequest request, HeaderName name) {
        List<String> values = settings.inHeader() ? request.headers().all(name) : List.of();
        if (values.isEmpty() && settings.inQuery() && !request.rawQuery().isEmpty()) {
            return request.queryValues(name.text()).stream()
                    .map(Header::encoded)
                    .toList();
        }
        return values;
    }

    private Verdict authenticate(Exchange exchange, String key) {
        if (key.isEmpty()) {
            return anonymous.refuse(exchange, missing);
        }
        KeyAuthIndex.Owner owner = keys.find(key);
        if (owner == null || owner.expiresAt() != Long.MAX_VALUE && clock.millis() >= owner.expiresAt()) {
            return anonymous.refuse(exchange, unknown);
        }
        exchange.authenticate(owner.consumer(), owner.credential(), owner.identifier());
        return Verdict.CONTINUE;
    }

    private void remove(UpstreamRequest upstream, HeaderName name, KeyBody body) {
        upstream.headers().remove(name);
        if (!upstream.query().isEmpty()) {
            upstream.query(UrlEncoded.without(upstream.query(), name.text()));
        }
        body.without(name.text()).ifPresent(upstream::body);
    }
}
