package io.sluice.node.plugins.requesttermination;

import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Ends every request, or only those that name the trigger in a header or in the query. */
public final class RequestTerminationPlugin implements Plugin {

    /** The kind {@code request-termination}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "request-termination";
        }

        @Override
        public int priority() {
            return 2;
        }

        @Override
        public Schema settings() {
            return TerminationSettings.SCHEMA;
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            TerminationSettings response = TerminationSettings.of(settings);
            if (response.echo()) {
                context.derived(RequestDump.Rehearsal.class, RequestDump.Rehearsal::of);
            }
            return new RequestTerminationPlugin(
                    response,
                    settings.optionalString("trigger").map(HeaderName::of).orElse(null),
                    response.echo() ? new RequestDump(response.message()) : null);
        }
    }

    /** The longest body that is echoed; of longer ones the rest of the request is. */
    private static final long MAX_BODY = 1 << 20;

    private final TerminationSettings settings;
    private final @Nullable HeaderName trigger;
    private final @Nullable RequestDump dump;
    private final Verdict.Answer fixed;
    private final Verdict.Answer fixedGrpc;

    RequestTerminationPlugin(TerminationSettings settings, @Nullable HeaderName trigger, @Nullable RequestDump dump) {
        this.settings = settings;
        this.trigger = trigger;
        this.dump = dump;
        String body = settings.body();
        String message = settings.message();
        if (body != null) {
            this.fixed = Verdict.exit(settings.status(), settings.contentType(), ByteString.fromString(body));
        } else if (message != null) {
            this.fixed = Verdict.json(settings.status(), RequestDump.message(message));
        } else {
            this.fixed = Verdict.empty(settings.status());
        }
        this.fixedGrpc =
                Verdict.error(settings.status(), body == null ? Objects.requireNonNullElse(message, "") : body);
    }

    @Override
    public Verdict access(Exchange exchange) {
        ClientRequest request = exchange.request();
        if (trigger != null && !names(request, trigger)) {
            return Verdict.CONTINUE;
        }
        if (request.grpc()) {
            return fixedGrpc;
        }
        if (dump == null) {
            return fixed;
        }
        if (request.contentLength().orElse(1) == 0) {
            return Verdict.json(settings.status(), dump.of(exchange, null));
        }
        return new Verdict.Later(request.body(MAX_BODY)
                .handle((bytes, failure) ->
                        Verdict.json(settings.status(), dump.of(exchange, failure == null ? bytes : null))));
    }

    private static boolean names(ClientRequest request, HeaderName name) {
        return request.headers().contains(name)
                || !request.rawQuery().isEmpty()
                        && !request.queryValues(name.text()).isEmpty();
    }
}
