package io.sluice.node.plugins.correlationid;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Attachment;
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
import java.util.Optional;
import java.util.Set;

/** Adds an id to requests that come without one, for the upstream and (echo_downstream) for the client. */
public final class CorrelationIdPlugin implements Plugin {

    /** The kind {@code correlation-id}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "correlation-id";
        }

        @Override
        public int priority() {
            return 100_001;
        }

        @Override
        public Schema settings() {
            return Schema.of(
                    Field.string("header_name", HeaderName.tokenRule()).defaultsTo("Kong-Request-ID"),
                    Field.string("generator", Rules.oneOf("uuid", "uuid#counter", "tracker"))
                            .defaultsTo("uuid#counter")
                            .mandatory(),
                    Field.bool("echo_downstream", false).mandatory());
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return new CorrelationIdPlugin(
                    HeaderName.of(settings.string("header_name")),
                    settings.bool("echo_downstream"),
                    IdGenerator.of(settings.string("generator"), context.clock()));
        }
    }

    private final Attachment<String> given = new Attachment<>();
    private final HeaderName header;
    private final boolean echo;
    private final IdGenerator generator;

    CorrelationIdPlugin(HeaderName header, boolean echo, IdGenerator generator) {
        this.header = header;
        this.echo = echo;
        this.generator = generator;
    }

    @Override
    public Verdict access(Exchange exchange) {
        Optional<String> sent = sent(exchange);
        String id;
        if (sent.isPresent()) {
            id = sent.get();
        } else {
            id = generator.next(exchange.request());
            exchange.upstream().headers().set(header, id);
        }
        if (echo) {
            exchange.attach(given, id);
        }
        return Verdict.CONTINUE;
    }

    @Override
    public void responseHead(Exchange exchange) {
        if (!echo) {
            return;
        }
        // A plugin before this one may have ended the exchange: then there was no access phase here.
        String id =
                exchange.attachment(given).or(() -> sent(exchange)).orElseGet(() -> generator.next(exchange.request()));
        exchange.response().headers().set(header, id);
    }

    private Optional<String> sent(Exchange exchange) {
        return exchange.request().headers().first(header).filter(id -> !id.isEmpty());
    }
}
