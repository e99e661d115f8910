package io.sluice.node.proxy;

import io.sluice.node.http.TimerWheel;
import io.sluice.node.proxy.UpstreamCall.Waiting;
import io.sluice.node.settings.ClientSettings;
import java.time.Duration;

/**
 * The one deadline of a client connection: whatever it waits for at the moment. Re-armed after every event, which costs a
 * field write in the usual case.
 */
final class ClientTimers {

    /** What running out of time means. */
    enum Purpose {
        NONE,
        IDLE,
        PARKED,
        VERDICT,
        HEADER,
        CLIENT_BODY,
        UPSTREAM,
        /** The client's own deadline for a call of gRPC. */
        CALL,
        /** The upstream has had its time before another one is asked too. */
        HEDGE,
        TUNNEL
    }

    /** A client that keeps sending on a kept connection sends within this time. */
    private static final long LAST_CALL_MILLIS = 1_000;

    private static final Duration RATE_GRACE = Duration.ofSeconds(10);

    private final LoopState state;
    private final ClientSettings settings;
    private final TimerWheel.Deadline deadline;
    private Purpose purpose = Purpose.NONE;
    private long armedMillis;
    private final long rateGraceNanos;
    private boolean bodyAwaited;
    private long bodyAwaitedSince;
    private long bodyWait;
    private final long verdictNanos;
    private boolean verdictAwaited;
    private long verdictAwaitedSince;

    /** @param verdictLimit how long a plugin's verdict is waited for */
    ClientTimers(LoopState state, ClientSettings settings, Duration verdictLimit, Runnable expired) {
        this.state = state;
        this.settings = settings;
        this.verdictNanos = verdictLimit.toNanos();
        Duration grace = settings.bodyTimeout();
        this.rateGraceNanos = (grace.compareTo(RATE_GRACE) < 0 ? grace : RATE_GRACE).toNanos();
        this.deadline = new TimerWheel.Deadline(expired);
    }

    /** What the time is up for; NONE if the deadline was set again since it fired. */
    Purpose expired() {
        return deadline.set() ? Purpose.NONE : purpose;
    }

    /** Waiting for a request to begin; in a drain only for one that may be on its way already. */
    void idle(boolean draining) {
        long patience = settings.idleTimeout().toMillis();
        arm(Purpose.IDLE, draining ? Math.min(patience, LAST_CALL_MILLIS) : patience);
    }

    /** A head has begun and must be complete in time, however it arrives. */
    void header() {
        if (purpose != Purpose.HEADER) {
            arm(Purpose.HEADER, settings.headerTimeout().toMillis());
        }
    }

    /** The body begins now: the client has not been waited for yet. */
    void bodyStarts() {
        bodyAwaited = false;
        bodyWait = 0;
    }

    /** Waiting for the next piece of the body. */
    private void body() {
        if (!bodyAwaited) {
            bodyAwaited = true;
            bodyAwaitedSince = state.loop().now();
        }
        arm(Purpose.CLIENT_BODY, settings.bodyTimeout().toMillis());
    }

    /** Whether the body has come too slowly on the whole; the time that others took does not count. */
    boolean tooSlow(long received) {
        long waited = bodyWait + (bodyAwaited ? state.loop().now() - bodyAwaitedSince : 0);
        return settings.minimumBodyRate() > 0
                && waited > rateGraceNanos
                && received < settings.minimumBodyRate() * (waited / 1_000_000) / 1_000;
    }

    private void bodyPaused() {
        if (bodyAwaited) {
            bodyAwaited = false;
            bodyWait += state.loop().now() - bodyAwaitedSince;
        }
    }

    /** Sets the deadline for whatever is waited for in a state. */
    void follow(CycleState cycle, UpstreamCall call, boolean clientReady, boolean inputEnded) {
        switch (cycle) {
            case COLLECT, DRAIN -> body();
            case DECIDING -> parked(inputEnded);
            case TUNNEL -> arm(Purpose.TUNNEL, call.timeoutMillis(Waiting.RESPONSE));
            case UPSTREAM -> call(call, clientReady);
            case CLOSING -> none();
            case HEAD -> {}
        }
    }

    /** A plugin is waited for from now on. */
    void verdictAwaited() {
        verdictAwaited = true;
        verdictAwaitedSince = state.loop().now();
    }

    /** No plugin is waited for. */
    void verdictThere() {
        verdictAwaited = false;
    }

    /** Waiting for a plugin or a host name; if the client may have gone for good, no longer than for a next request. */
    private void parked(boolean inputEnded) {
        none();
        long gone = inputEnded ? settings.idleTimeout().toMillis() : Long.MAX_VALUE;
        long left = verdictAwaited
                ? Math.max(0, verdictNanos - (state.loop().now() - verdictAwaitedSince)) / 1_000_000
                : Long.MAX_VALUE;
        if (left < gone) {
            arm(Purpose.VERDICT, left);
        } else if (inputEnded) {
            arm(Purpose.PARKED, gone);
        }
    }

    /** Waiting for whatever the upstream call waits for. */
    private void call(UpstreamCall call, boolean clientReady) {
        Waiting waiting = call.waiting();
        if (waiting == Waiting.CLIENT) {
            body();
        } else if (waiting == Waiting.NOTHING || waiting == Waiting.RESPONSE && !clientReady) {
            none(); // a client that does not read has its own deadline
        } else {
            bodyPaused();
            long patience = call.timeoutMillis(waiting);
            long hedge = call.hedgeMillis();
            if (hedge < patience) {
                arm(Purpose.HEDGE, hedge);
            } else {
                arm(Purpose.UPSTREAM, patience);
            }
        }
        long left = call.deadlineMillis();
        if (left < (purpose == Purpose.NONE ? Long.MAX_VALUE : armedMillis)) {
            arm(Purpose.CALL, left);
        }
    }

    /** Waiting for something that has its own deadline. */
    private void none() {
        bodyPaused();
        purpose = Purpose.NONE;
        state.loop().timers().clear(deadline);
    }

    void remove() {
        state.loop().timers().remove(deadline);
    }

    private void arm(Purpose newPurpose, long millis) {
        purpose = newPurpose;
        armedMillis = millis;
        state.loop().timers().set(deadline, state.loop().now(), millis);
    }
}
