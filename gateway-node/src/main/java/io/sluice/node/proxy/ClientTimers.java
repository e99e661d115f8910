package io.sluice.node.proxy;

import io.sluice.node.http.TimerWheel;
import io.sluice.node.proxy.UpstreamCall.Waiting;
import io.sluice.node.settings.ClientSettings;

/**
 * The one deadline of a client connection: whatever it waits for at the moment. Re-armed after every event, which costs a
 * field write in the usual case.
 */
final class ClientTimers {

    /** What running out of time means. */
    enum Purpose {
        NONE,
        IDLE,
        HEADER,
        CLIENT_BODY,
        UPSTREAM,
        TUNNEL
    }

    private static final long RATE_GRACE_NANOS = 10_000_000_000L;

    private final LoopState state;
    private final ClientSettings settings;
    private final TimerWheel.Deadline deadline;
    private Purpose purpose = Purpose.NONE;
    private long bodyStart;

    ClientTimers(LoopState state, ClientSettings settings, Runnable expired) {
        this.state = state;
        this.settings = settings;
        this.deadline = new TimerWheel.Deadline(expired);
    }

    Purpose purpose() {
        return purpose;
    }

    /** Waiting for a request to begin. */
    void idle() {
        arm(Purpose.IDLE, settings.idleTimeout().toMillis());
    }

    /** A head has begun and must be complete in time, however it arrives. */
    void header() {
        if (purpose != Purpose.HEADER) {
            arm(Purpose.HEADER, settings.headerTimeout().toMillis());
        }
    }

    /** The body begins now. */
    void bodyStarts() {
        bodyStart = state.loop().now();
    }

    /** Waiting for the next piece of the body. */
    void body() {
        arm(Purpose.CLIENT_BODY, settings.bodyTimeout().toMillis());
    }

    /** Whether the body has come too slowly on the whole. */
    boolean tooSlow(long received) {
        long elapsed = state.loop().now() - bodyStart;
        return settings.minimumBodyRate() > 0
                && elapsed > RATE_GRACE_NANOS
                && received < settings.minimumBodyRate() * (elapsed / 1_000_000_000L);
    }

    /** Waiting for whatever the upstream call waits for. */
    void call(UpstreamCall call, boolean clientReady) {
        Waiting waiting = call.waiting();
        if (waiting == Waiting.CLIENT) {
            body();
        } else if (waiting == Waiting.NOTHING || waiting == Waiting.RESPONSE && !clientReady) {
            none(); // a client that does not read has its own deadline
        } else {
            arm(Purpose.UPSTREAM, call.timeoutMillis(waiting));
        }
    }

    /** Waiting for either end of a tunnel. */
    void tunnel(UpstreamCall call) {
        arm(Purpose.TUNNEL, call.timeoutMillis(Waiting.RESPONSE));
    }

    /** Waiting for something that has its own deadline. */
    void none() {
        purpose = Purpose.NONE;
        state.loop().timers().clear(deadline);
    }

    void remove() {
        state.loop().timers().remove(deadline);
    }

    private void arm(Purpose newPurpose, long millis) {
        purpose = newPurpose;
        state.loop().timers().set(deadline, state.loop().now(), millis);
    }
}
