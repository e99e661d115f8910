package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Attachment;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.LimitTally;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Response;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.Outcome;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * Limits what responses cost, as the upstream says it in a header. The cost is known only afterwards, so it is counted in full
 * even if it goes beyond the limit; from then on such responses are withheld, and the upstream is told before that nothing is
 * left. Before a request is let through, this node has made sure of a token of each limit, but not taken it: what is in flight
 * together may go beyond the limit together.
 */
public final class ResponseRateLimitingPlugin implements Plugin {

    private static final int TOO_MANY = 429;
    private static final int UPGRADED = 101;
    private static final HeaderName CONTENT_TYPE = HeaderName.of("Content-Type");
    private static final HeaderName CONTENT_ENCODING = HeaderName.of("Content-Encoding");
    private static final HeaderName DRY_RUN = HeaderName.of("X-RateLimit-Dry-Run");
    private static final Attachment<Use> USE = new Attachment<>();

    /** The kind {@code response-ratelimiting}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "response-ratelimiting";
        }

        @Override
        public int priority() {
            return 900;
        }

        @Override
        public Schema settings() {
            return ResponseRateLimitingSchema.schema();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD, Phase.RESPONSE_BODY);
        }

        @Override
        public Map<String, UUID> namedLimits(UUID plugin, Settings settings) {
            Map<String, UUID> named = new TreeMap<>();
            settings.map("limits").keySet().forEach(name -> named.put(name, NamedLimit.id(plugin, name)));
            return named;
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            RuleSettings.tellOfRedis(settings, context);
            List<NamedLimit> limits = new ArrayList<>();
            for (String name : settings.map("limits").keySet()) {
                Settings periods = settings.record("limits").record(name);
                limits.add(NamedLimit.open(name, periods, settings, context));
            }
            return new ResponseRateLimitingPlugin(
                    limits.toArray(NamedLimit[]::new),
                    Identity.by(settings, context),
                    settings,
                    context.metrics().limits(context.plugin()));
        }
    }

    /** What one exchange found and did. */
    private static final class Use {
        private final String identity;
        private final Outcome[] outcomes;
        /** Written by whatever thread knows the last outcome. */
        private volatile boolean passed;

        private boolean counted;
        private boolean exceeded;

        Use(String identity, Outcome[] outcomes) {
            this.identity = identity;
            this.outcomes = outcomes;
        }
    }

    private final NamedLimit[] limits;
    private final Identity identity;
    private final HeaderName costHeader;
    private final boolean blockFirst;
    private final boolean hideHeaders;
    private final boolean dryRun;
    private final LimitTally tally;

    private ResponseRateLimitingPlugin(NamedLimit[] limits, Identity identity, Settings settings, LimitTally tally) {
        this.limits = limits;
        this.identity = identity;
        this.costHeader = HeaderName.of(settings.string("header_name"));
        this.blockFirst = settings.bool("block_on_first_violation");
        this.hideHeaders = settings.bool("hide_client_headers");
        this.dryRun = settings.bool("dry_run");
        this.tally = tally;
    }

    /** A limit that has nothing left on this node asks the others, and the exchange waits for that; all limits at a time. */
    @Override
    public Verdict access(Exchange exchange) {
        Use use = new Use(identity.of(exchange), new Outcome[limits.length]);
        exchange.attach(USE, use);
        CompletionStage<Outcome> awaited = null;
        for (int i = 0; i < limits.length; i++) {
            Outcome outcome = limits[i].ensure(use.identity);
            use.outcomes[i] = outcome;
            CompletionStage<Outcome> pending = outcome.pending().orElse(null);
            if (pending != null) {
                awaited = awaited == null ? pending : awaited.thenCombine(pending, (one, other) -> other);
            }
        }
        if (awaited == null) {
            return decide(use, exchange);
        }
        tally.park();
        return new Verdict.Later(awaited.thenApply(all -> decide(use, exchange)));
    }

    private Verdict decide(Use use, Exchange exchange) {
        for (int i = 0; i < limits.length; i++) {
            if (blockFirst && !dryRun && !use.outcomes[i].admitted()) {
                tally.deny();
                return Verdict.error(TOO_MANY, "API rate limit exceeded for '" + limits[i].name() + "'");
            }
            limits[i].tellUpstream(use.outcomes[i], exchange.upstream().headers());
        }
        use.passed = true;
        return Verdict.CONTINUE;
    }

    @Override
    public void responseHead(Exchange exchange) {
        Use use = exchange.attachment(USE).orElse(null);
        if (use == null || !use.passed) {
            return;
        }
        MutableHeaders headers = exchange.response().headers();
        if (exchange.response().source() == Response.Source.SERVICE && !use.counted) {
            use.counted = true;
            count(use, headers);
        }
        if (!hideHeaders) {
            for (int i = 0; i < limits.length; i++) {
                limits[i].tellClient(use.outcomes[i], headers);
            }
        }
        headers.remove(costHeader);
        if (use.exceeded) {
            exceeded(exchange, headers);
        }
    }

    /** Once for an exchange, however often its response phases run. */
    private void count(Use use, MutableHeaders headers) {
        if (!headers.contains(costHeader)) {
            tally.admit();
            return;
        }
        long[] units = Increments.of(headers.all(costHeader), limits);
        for (int i = 0; i < limits.length && !use.exceeded; i++) {
            if (units[i] > 0 && !use.outcomes[i].admitted()) {
                use.exceeded = true;
            } else if (units[i] > 0) {
                Outcome now = limits[i].look(use.identity);
                use.exceeded = limits[i].remaining(now) <= 0;
                use.outcomes[i] = now;
            }
        }
        for (int i = 0; i < limits.length && !use.exceeded; i++) {
            if (units[i] > 0) {
                use.outcomes[i] = limits[i].charge(use.identity, units[i]);
                use.exceeded = !use.outcomes[i].admitted(); // another request has just used up the rest
            }
        }
        if (!use.exceeded) {
            tally.admit();
        } else if (dryRun) {
            tally.denyInDryRun();
        } else {
            tally.deny();
        }
    }

    private void exceeded(Exchange exchange, MutableHeaders headers) {
        if (dryRun) {
            exchange.logField("response_ratelimiting_dry_run", "refused");
            if (!hideHeaders) {
                headers.set(DRY_RUN, "refused");
            }
        } else if (exchange.response().source() == Response.Source.SERVICE
                && exchange.response().status() != UPGRADED) {
            exchange.response().status(TOO_MANY);
            headers.remove(CONTENT_TYPE);
            headers.remove(CONTENT_ENCODING);
        }
    }

    /** Of a response that is withheld, the body is read to its end and dropped. */
    @Override
    public Optional<BodyFilter> responseBody(Exchange exchange) {
        Use use = exchange.attachment(USE).orElse(null);
        boolean withheld =
                use != null && use.exceeded && !dryRun && exchange.response().source() == Response.Source.SERVICE;
        return withheld ? Optional.of(NOTHING) : Optional.empty();
    }

    private static final BodyFilter NOTHING = new BodyFilter() {
        @Override
        public ByteString onChunk(ByteString chunk) {
            return ByteString.emptyByteString();
        }

        @Override
        public ByteString onEnd() {
            return ByteString.emptyByteString();
        }
    };
}
