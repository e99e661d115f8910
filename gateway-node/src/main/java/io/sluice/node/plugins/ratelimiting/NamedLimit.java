package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.WindowType;
import io.sluice.state.model.schema.Settings;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** One of the limits of response-ratelimiting: a name that upstreams count by, and how much each period allows. Immutable. */
final class NamedLimit {

    private final String name;
    private final Allowance allowance;
    private final RateLimiter limiter;
    private final HeaderName forUpstream;
    private final HeaderName[] limits;
    private final HeaderName[] remainings;

    private NamedLimit(String name, Allowance allowance, RateLimiter limiter) {
        this.name = name;
        this.allowance = allowance;
        this.limiter = limiter;
        this.forUpstream = HeaderName.of("X-RateLimit-Remaining-" + name);
        this.limits = names("X-RateLimit-Limit-" + name + "-");
        this.remainings = names("X-RateLimit-Remaining-" + name + "-");
    }

    /** Each name has a rule of its own, whose id follows from the configuration's and is so the same on all nodes. */
    static UUID id(UUID plugin, String name) {
        return UUID.nameUUIDFromBytes((plugin + ":" + name).getBytes(StandardCharsets.UTF_8));
    }

    static NamedLimit open(String name, Settings periods, Settings all, PluginContext context) {
        Allowance allowance = Allowance.of(periods);
        LimitRule rule = RuleSettings.rule(id(context.plugin().id(), name), all, WindowType.FIXED);
        return new NamedLimit(name, allowance, RuleSettings.open(rule, allowance.limits(), context));
    }

    String name() {
        return name;
    }

    Outcome look(String identity) {
        Outcome outcome = new Outcome(allowance.limits().size());
        limiter.peek(identity, allowance.limits(), outcome);
        return outcome;
    }

    /** Whether something is left, on this node or from another one; maybe not known yet. */
    Outcome ensure(String identity) {
        Outcome outcome = new Outcome(allowance.limits().size());
        limiter.ensure(identity, allowance.limits(), outcome);
        return outcome;
    }

    /** Counts all of it, unless some period was used up before; the outcome is admitted if it was counted. */
    Outcome charge(String identity, long units) {
        Outcome outcome = new Outcome(allowance.limits().size());
        limiter.charge(identity, allowance.limits(), units, outcome);
        return outcome;
    }

    /** What is left in the period that has the least left. */
    double remaining(Outcome outcome) {
        return allowance.remaining(tightest(outcome), outcome);
    }

    void tellUpstream(Outcome outcome, MutableHeaders headers) {
        int tightest = tightest(outcome);
        headers.set(forUpstream, allowance.text(allowance.remaining(tightest, outcome), tightest));
    }

    void tellClient(Outcome outcome, MutableHeaders headers) {
        for (int i = 0; i < limits.length; i++) {
            headers.set(limits[i], allowance.limitText(i));
            headers.set(remainings[i], allowance.text(allowance.remaining(i, outcome), i));
        }
    }

    private int tightest(Outcome outcome) {
        int tightest = 0;
        for (int i = 1; i < limits.length; i++) {
            if (allowance.remaining(i, outcome) < allowance.remaining(tightest, outcome)) {
                tightest = i;
            }
        }
        return tightest;
    }

    private HeaderName[] names(String prefix) {
        return allowance.limits().periods().stream()
                .map(period -> HeaderName.of(prefix + period.word()))
                .toArray(HeaderName[]::new);
    }
}
