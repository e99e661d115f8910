package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.state.limit.Outcome;
import io.sluice.state.limit.Period;
import io.sluice.state.limit.WindowType;
import java.util.Locale;

/**
 * Tells the client its limits: Kong's X-RateLimit fields for every period, and the draft's RateLimit fields (draft-ietf-
 * httpapi-ratelimit-headers-03) for the tightest one, which is the one with the least left, of several the longest. The reset
 * of a calendar window is its end by Kong's nominal lengths; else it is when the next token becomes free. Immutable.
 */
final class RateLimitHeaders {

    private static final HeaderName LIMIT = HeaderName.of("RateLimit-Limit");
    private static final HeaderName REMAINING = HeaderName.of("RateLimit-Remaining");
    private static final HeaderName RESET = HeaderName.of("RateLimit-Reset");
    private static final HeaderName RETRY_AFTER = HeaderName.of("Retry-After");
    private static final HeaderName DRY_RUN = HeaderName.of("X-RateLimit-Dry-Run");

    private final Allowance allowance;
    private final boolean calendar;
    private final boolean dryRun;
    private final HeaderName[] limits;
    private final HeaderName[] remainings;

    RateLimitHeaders(Allowance allowance, WindowType type, boolean dryRun) {
        this.allowance = allowance;
        this.calendar = type == WindowType.FIXED;
        this.dryRun = dryRun;
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
        String reset = Decimals.text(Math.max(1, secondsToReset(tightest, outcome)));
        headers.set(LIMIT, allowance.limitText(tightest));
        headers.set(REMAINING, allowance.text(least, tightest));
        headers.set(RESET, reset);
        if (!outcome.admitted()) {
            headers.set(dryRun ? DRY_RUN : RETRY_AFTER, dryRun ? "refused" : secondsToRetry(tightest, outcome, reset));
        }
    }

    private long secondsToReset(int position, Outcome outcome) {
        if (calendar) {
            Period period = allowance.limits().periods().get(position);
            return period.nominalSeconds() - period.elapsedSeconds(outcome.time());
        }
        return (outcome.freeAt(position) - outcome.time() + 999) / 1000;
    }

    /** Later than the reset only while nobody owns the tokens of the window that comes next either. */
    private String secondsToRetry(int position, Outcome outcome, String reset) {
        if (!calendar) {
            return reset;
        }
        Period period = allowance.limits().periods().get(position);
        boolean later = outcome.freeAt(position) > period.start(period.index(outcome.time()) + 1);
        return later ? Long.toString((outcome.freeAt(position) - outcome.time() + 999) / 1000) : reset;
    }

    private HeaderName[] names(String prefix) {
        return allowance.limits().periods().stream()
                .map(period -> period.word().substring(0, 1).toUpperCase(Locale.ROOT)
                        + period.word().substring(1))
                .map(word -> HeaderName.of(prefix + word))
                .toArray(HeaderName[]::new);
    }
}
