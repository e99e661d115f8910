package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.LimitTally;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.Verdict;
import io.sluice.state.limit.Outcome;
import io.sluice.state.model.schema.Settings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What becomes of a request by what its limiter found: it goes on, is refused, or is only reported. Thread-safe. */
final class Decider {

    private final String logField;
    private final LimitTally tally;
    private final Verdict refusal;
    private final boolean dryRun;

    /** By the settings {@code error_code}, {@code error_message} and {@code dry_run}. */
    Decider(Settings settings, PluginContext context) {
        this.logField = context.plugin().name().replace('-', '_') + "_dry_run";
        this.tally = context.metrics().limits(context.plugin());
        this.refusal = Verdict.error((int) settings.integer("error_code"), settings.string("error_message"));
        this.dryRun = settings.bool("dry_run");
    }

    boolean dryRun() {
        return dryRun;
    }

    /** Any thread. */
    Verdict decide(Outcome outcome) {
        if (outcome.admitted()) {
            tally.admit();
            return Verdict.CONTINUE;
        }
        if (dryRun) {
            tally.denyInDryRun();
            return Verdict.CONTINUE;
        }
        tally.deny();
        return refusal;
    }

    Verdict later(CompletionStage<Outcome> pending) {
        tally.park();
        return new Verdict.Later(pending.thenApply(this::decide));
    }

    /** Whether an outcome has been filled; if it was pending, whoever is told so may read it. */
    static boolean known(Outcome outcome) {
        Optional<CompletionStage<Outcome>> pending = outcome.pending();
        return pending.isEmpty() || pending.get().toCompletableFuture().isDone();
    }

    /** Notes in the exchange's log record what a dry run did not refuse; event loop only. */
    void tellLog(Outcome outcome, Exchange exchange) {
        if (dryRun && !outcome.admitted()) {
            exchange.logField(logField, "refused");
        }
    }
}
