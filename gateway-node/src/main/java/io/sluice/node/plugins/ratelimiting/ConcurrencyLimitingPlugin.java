package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Attachment;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.WindowType;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Refuses requests while so many of the same client are being served. A request gives its place back when its exchange ends,
 * however it ends.
 */
public final class ConcurrencyLimitingPlugin implements Plugin {

    private static final HeaderName LIMIT = HeaderName.of("X-Concurrency-Limit");
    private static final HeaderName REMAINING = HeaderName.of("X-Concurrency-Remaining");
    private static final HeaderName DRY_RUN = HeaderName.of("X-Concurrency-Dry-Run");
    private static final HeaderName RETRY_AFTER = HeaderName.of("Retry-After");
    private static final Attachment<Place> PLACE = new Attachment<>();

    /** The kind {@code concurrency-limiting}; Kong has none of this name. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "concurrency-limiting";
        }

        /** Before rate-limiting, so that a request refused here does not use up a rate. */
        @Override
        public int priority() {
            return 911;
        }

        @Override
        public Schema settings() {
            return IdentityFields.with(Schema.of(
                    Field.integer("limit", Rules.greaterThan(0)).mandatory(),
                    Field.string("policy", Rules.oneOf("local", "cluster")).defaultsTo("cluster"),
                    RuleSettings.peerPolicy(),
                    RuleSettings.park(),
                    RuleSettings.errorCode(),
                    Field.string("error_message").defaultsTo("Too many requests at a time"),
                    Field.bool("hide_client_headers", false),
                    RuleSettings.dryRun()));
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD, Phase.LOG);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            LimitRule rule = RuleSettings.rule(context.plugin().id(), settings, WindowType.CONCURRENCY);
            Limits limits = Limits.concurrent(settings.integer("limit"));
            return new ConcurrencyLimitingPlugin(
                    limits,
                    RuleSettings.open(rule, limits, context),
                    Identity.by(settings, context),
                    new Decider(settings, context),
                    settings.bool("hide_client_headers"));
        }
    }

    private final Limits limits;
    private final RateLimiter limiter;
    private final Identity identity;
    private final Decider decider;
    private final boolean hideHeaders;

    private ConcurrencyLimitingPlugin(
            Limits limits, RateLimiter limiter, Identity identity, Decider decider, boolean hideHeaders) {
        this.limits = limits;
        this.limiter = limiter;
        this.identity = identity;
        this.decider = decider;
        this.hideHeaders = hideHeaders;
    }

    @Override
    public Verdict access(Exchange exchange) {
        Outcome outcome = new Outcome(1);
        limiter.acquire(identity.of(exchange), limits, 1, outcome);
        Place place = new Place(limiter, outcome);
        exchange.attach(PLACE, place);
        Optional<CompletionStage<Outcome>> pending = outcome.pending();
        if (pending.isPresent()) {
            return decider.later(pending.get().thenApply(known -> {
                place.taken();
                return known;
            }));
        }
        place.taken();
        return decider.decide(outcome);
    }

    @Override
    public void responseHead(Exchange exchange) {
        Optional<Place> place = exchange.attachment(PLACE);
        if (place.isEmpty() || !Decider.known(place.get().outcome())) {
            return;
        }
        Outcome outcome = place.get().outcome();
        decider.tellLog(outcome, exchange);
        if (!hideHeaders) {
            tellClient(outcome, exchange.response().headers());
        }
    }

    private void tellClient(Outcome outcome, MutableHeaders headers) {
        headers.set(LIMIT, Decimals.text(limits.allowed(0)));
        headers.set(REMAINING, Decimals.text(Math.max(0, limits.allowed(0) - outcome.used(0))));
        if (!outcome.admitted()) {
            headers.set(decider.dryRun() ? DRY_RUN : RETRY_AFTER, decider.dryRun() ? "refused" : "1");
        }
    }

    @Override
    public void log(Exchange exchange) {
        Optional<Place> place = exchange.attachment(PLACE);
        if (place.isPresent()) {
            place.get().leave();
        }
    }
}
