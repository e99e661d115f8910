package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Attachment;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.WindowType;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests beyond the limits of calendar windows (UTC), of sliding windows or of a bucket, on this node or over the
 * cluster. Checking and counting are one step, so that concurrent requests cannot exceed a limit; refused requests are not
 * counted.
 */
public final class RateLimitingPlugin implements Plugin {

    private static final Attachment<Outcome> OUTCOME = new Attachment<>();

    /** The kind {@code rate-limiting}. */
    public static final class Factory implements PluginFactory {

        @Override
        public String name() {
            return "rate-limiting";
        }

        @Override
        public int priority() {
            return 910;
        }

        @Override
        public Schema settings() {
            return RateLimitingSchema.schema();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS, Phase.RESPONSE_HEAD);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            RuleSettings.tellOfRedis(settings, context);
            WindowType type = WindowType.valueOf(settings.string("window_type").toUpperCase(Locale.ROOT));
            LimitRule rule = RuleSettings.rule(context.plugin().id(), settings, type);
            Allowance allowance = Allowance.of(settings);
            return new RateLimitingPlugin(
                    allowance,
                    RuleSettings.open(rule, allowance.limits(), context),
                    Identity.by(settings, context),
                    Cost.of(settings.record("cost")),
                    new Decider(settings, context),
                    settings.bool("hide_client_headers")
                            ? null
                            : new RateLimitHeaders(allowance, type, settings.bool("dry_run")));
        }
    }

    private final Allowance allowance;
    private final RateLimiter limiter;
    private final Identity identity;
    private final Cost cost;
    private final Decider decider;
    private final @Nullable RateLimitHeaders headers;

    private RateLimitingPlugin(
            Allowance allowance,
            RateLimiter limiter,
            Identity identity,
            Cost cost,
            Decider decider,
            @Nullable RateLimitHeaders headers) {
        this.allowance = allowance;
        this.limiter = limiter;
        this.identity = identity;
        this.cost = cost;
        this.decider = decider;
        this.headers = headers;
    }

    @Override
    public Verdict access(Exchange exchange) {
        Outcome outcome = new Outcome(allowance.limits().size());
        limiter.acquire(identity.of(exchange), allowance.limits(), cost.of(exchange), outcome);
        if (headers != null || decider.dryRun()) {
            exchange.attach(OUTCOME, outcome);
        }
        Optional<CompletionStage<Outcome>> pending = outcome.pending();
        return pending.isPresent() ? decider.later(pending.get()) : decider.decide(outcome);
    }

    /** Says nothing of an outcome that is not known because the exchange ended before. */
    @Override
    public void responseHead(Exchange exchange) {
        Optional<Outcome> found = exchange.attachment(OUTCOME);
        if (found.isEmpty() || !Decider.known(found.get())) {
            return;
        }
        Outcome outcome = found.get();
        decider.tellLog(outcome, exchange);
        if (headers != null) {
            headers.write(outcome, exchange.response().headers());
        }
    }
}
