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
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests beyond the limits of fixed calendar windows (UTC). Checking and counting are one step, so that concurrent
 * requests cannot exceed a limit; refused requests are not counted.
 */
public final class RateLimitingPlugin implements Plugin {

    private static final Logger LOG = LoggerFactory.getLogger(RateLimitingPlugin.class);
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
            String policy = settings.string("policy");
            if (!policy.equals("local")) {
                context.resource(
                        new LocalOnly(context.plugin().id(), policy),
                        () -> LocalOnly.said(context.plugin().id(), policy));
            }
            Allowance allowance = Allowance.of(settings);
            LimitRule rule = LimitRule.local(context.plugin().id());
            RateLimiter limiter =
                    context.resource(rule, () -> context.limiters().open(rule, allowance.limits()));
            return new RateLimitingPlugin(
                    allowance,
                    limiter,
                    Identity.by(settings, context),
                    Verdict.error((int) settings.integer("error_code"), settings.string("error_message")),
                    settings.bool("hide_client_headers"));
        }
    }

    private final Allowance allowance;
    private final RateLimiter limiter;
    private final Identity identity;
    private final Verdict refusal;
    private final boolean hideHeaders;
    private final RateLimitHeaders headers;

    RateLimitingPlugin(
            Allowance allowance, RateLimiter limiter, Identity identity, Verdict refusal, boolean hideHeaders) {
        this.allowance = allowance;
        this.limiter = limiter;
        this.identity = identity;
        this.refusal = refusal;
        this.hideHeaders = hideHeaders;
        this.headers = new RateLimitHeaders(allowance);
    }

    @Override
    public Verdict access(Exchange exchange) {
        Outcome outcome = new Outcome(allowance.limits().periods().size());
        limiter.acquire(identity.of(exchange), allowance.limits(), 1, outcome);
        if (!hideHeaders) {
            exchange.attach(OUTCOME, outcome);
        }
        return outcome.admitted() ? Verdict.CONTINUE : refusal;
    }

    @Override
    public void responseHead(Exchange exchange) {
        if (hideHeaders) {
            return;
        }
        Optional<Outcome> outcome = exchange.attachment(OUTCOME);
        if (outcome.isPresent()) {
            headers.write(outcome.get(), exchange.response().headers());
        }
    }

    /** Remembers that a configuration was told that its policy counts like {@code local}, so that it is told once only. */
    private record LocalOnly(UUID plugin, String policy) implements AutoCloseable {

        static LocalOnly said(UUID plugin, String policy) {
            LOG.atWarn().addKeyValue("plugin", plugin).log("policy '{}': counting on this node only", policy);
            return new LocalOnly(plugin, policy);
        }

        @Override
        public void close() {}
    }
}
