package io.sluice.node.proxy;

import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Verdict;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of the current request: the plugins' verdicts and the route, and the waiting for what takes its time. One
 * object for all requests of a client connection.
 */
final class Decision {

    private final RequestCycle client;
    private final ProxyExchange exchange;
    private final PhaseRunner phases;
    private final ConnectionRule connectionRule = new ConnectionRule();
    private Phase phase = Phase.REWRITE;
    private boolean parked;
    private boolean verdictAwaited;
    private int parkings;

    Decision(RequestCycle client, ProxyExchange exchange, PhaseRunner phases) {
        this.client = client;
        this.exchange = exchange;
        this.phases = phases;
    }

    /** Begins with a request that may be served. */
    void begin() {
        ProxyFailure refusal = connectionRule.refusal(exchange);
        if (refusal != null) {
            client.refuseBegun(refusal);
        } else if (exchange.revision().globalChain().rewrites()) {
            run(Phase.REWRITE);
        } else {
            route();
        }
    }

    /** Whether a plugin may be at work on the exchange, on whatever thread. */
    boolean verdictAwaited() {
        return verdictAwaited;
    }

    /** The plugin that is waited for has had all its time. */
    void verdictOverdue() {
        client.answerLast(phases.broken(phases.last(), new TimeoutException("no verdict in time")));
    }

    /** The exchange has ended: whatever it waited for comes too late. */
    void clear() {
        parked = false;
        verdictAwaited = false;
    }

    private void run(Phase next) {
        phase = next;
        decided(phases.run(next));
    }

    private void decided(Verdict verdict) {
        if (verdict instanceof Verdict.Continue) {
            if (phase == Phase.REWRITE) {
                route();
            } else {
                client.forward();
            }
        } else if (verdict instanceof Verdict.Answer answer) {
            client.answer(answer, true);
        } else if (verdict instanceof Verdict.Later later) {
            awaitVerdict(later.verdict());
        }
    }

    private void route() {
        var match = exchange.revision().table().find(exchange.client().forRouter());
        if (match == null) {
            phases.begin(exchange.revision().globalChain());
            client.fail(ProxyFailure.NO_ROUTE);
            return;
        }
        exchange.routed(match);
        phases.begin(exchange.revision().chain(match));
        Verdict.Answer refusal = HttpsOnly.answer(exchange);
        refusal = refusal != null ? refusal : GrpcOnly.answer(exchange);
        refusal = refusal != null ? refusal : WebSocketOnly.answer(exchange);
        if (refusal != null) {
            client.answer(refusal, true);
        } else {
            run(Phase.ACCESS);
        }
    }

    private void awaitVerdict(CompletionStage<Verdict> stage) {
        verdictAwaited = true;
        client.awaitsPlugin();
        int parking = park();
        stage.whenComplete((verdict, failure) -> {
            boolean nothing = failure == null && verdict == null;
            client.port().resumeLater(parking, verdict, nothing ? new IllegalStateException("no verdict") : failure);
        });
    }

    /** The call waits for a host name. */
    void awaitName(CompletionStage<?> looked) {
        client.deciding();
        int parking = park();
        looked.whenComplete((done, failure) -> client.port().resumeLater(parking, null, null));
    }

    private int park() {
        parked = true;
        return ++parkings;
    }

    /** What was waited for is there; ignored if it is not waited for any more. */
    void resume(int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        if (!parked || parking != parkings) {
            return;
        }
        clear();
        client.deciding();
        if (failure != null) {
            decided(phases.broken(phases.last(), failure));
        } else if (verdict instanceof Verdict.Continue) {
            run(phase); // the plugins after the one that was waited for
        } else if (verdict != null) {
            decided(verdict);
        } else {
            client.callAgain();
        }
    }
}
