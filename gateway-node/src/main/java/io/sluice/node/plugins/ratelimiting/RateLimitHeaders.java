package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.Period;
import java.util.Locale;

/**
 * Tells the client its limits: Kong's X-RateLimit fields for every period, and the draft's RateLimit fields (draft-ietf-
 * httpapi-ratelimit-headers-03) for the tightest one, which is the one with the least left, of several the longest.
 * Immutable.
 */
final class RateLimitHeaders {

    private static final HeaderName LIMIT = HeaderName.of("RateLimit-Limit");
    private static final HeaderName REMAINING = HeaderName.of("RateLimit-Remaining");
    private static final HeaderName RESET = HeaderName.of("RateLimit-Reset");
    private static final HeaderName RETRY_AFTER = HeaderName.of("Retry-After");

    private final Allowance allowance;
    private final HeaderName[] limits;
    private final HeaderName[] remainings;

    RateLimitHeaders(Allowance allowance) {
        this.allowance = allowance;
        this.limits = names("X-RateLimit-Limit-");
        this.remainings = names("X-RateLimit-Remaining-");
    }

    void write(Outcome outcome, MutableHeaders headers) {
        int tightest = 0;
        double least = Double.MAX_VALUE;
        for (int i = 0; i < limits.length; i++) {
            double remaining = allowance.remaining(i, outcome);
            headers.set(limits[i], allowance.limitText(i));
            headers.set(remainings[i], allowance.text(remaining, i));
            if (remaining <= least) {
                least = remaining;
                tightest = i;
            }
        }
        Period period = allowance.limits().periods().get(tightest);
        String reset = Decimals.text(Math.max(1, period.nominalSeconds() - period.elapsedSeconds(outcome.time())));
        headers.set(LIMIT, allowance.limitText(tightest));
        headers.set(REMAINING, allowance.text(least, tightest));
        headers.set(RESET, reset);
        if (!outcome.admitted()) {
            headers.set(RETRY_AFTER, reset);
        }
    }

    private HeaderName[] names(String prefix) {
        return allowance.limits().periods().stream()
                .map(period -> period.word().substring(0, 1).toUpperCase(Locale.ROOT)
                        + period.word().substring(1))
                .map(word -> HeaderName.of(prefix + word))
                .toArray(HeaderName[]::new);
    }
}
