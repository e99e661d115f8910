package io.sluice.node.proxy;

import io.sluice.node.http.EventLoop;
import io.sluice.node.http.RequestHead;
import io.sluice.node.upstream.Endpoint;
import io.sluice.node.upstream.Selection;
import io.sluice.state.model.Service;
import org.jspecify.annotations.Nullable;

/**
 * The tries of a request that are under way: one, or two beside each other when the first was slow and the upstream is hedged.
 * Of two, one is at hand: what is asked for and read concerns it, and {@link #takeUp} changes to the other. The first that has
 * a response's head wins, and the other is given up. Reused for one request after the other; the second try's object is made
 * when first needed.
 */
final class Race {

    private final LoopState state;
    private final EventLoop loop;
    private final ClientPort port;
    private final ProxyExchange exchange;
    private final Selection selection;
    private final ResponseRelay relay;
    private Attempt attempt;
    private @Nullable Attempt spare;
    private boolean on;
    private boolean timed;
    private long delay;

    Race(LoopState state, ClientPort port, ProxyExchange exchange, Selection selection, ResponseRelay relay) {
        this.state = state;
        this.loop = state.loop();
        this.port = port;
        this.exchange = exchange;
        this.selection = selection;
        this.relay = relay;
        this.attempt = new Attempt(port, state, 0);
    }

    /**
     * Begins with a request that may be sent.
     *
     * @param http2 whether its upstream speaks HTTP/2, as those of gRPC do
     */
    void begin(boolean http2) {
        delay = selection.hedgeDelay();
        timed = delay != Long.MAX_VALUE && !http2 && hedged(exchange.client().head());
        delay = timed ? delay : Long.MAX_VALUE;
    }

    /**
     * Whether a request may be sent twice just to be quick: what only reads. A second PUT that a slow target carries out after the
     * client has gone on could undo the client's next one.
     */
    private static boolean hedged(RequestHead head) {
        boolean reads = head.methodIs("GET") || head.methodIs("HEAD") || head.methodIs("OPTIONS");
        return reads && !head.webSocket() && !head.expectsContinue();
    }

    /** The try at hand. */
    Attempt attempt() {
        return attempt;
    }

    /** The other one; null if there is only one. */
    @Nullable
    Attempt other() {
        return on ? spare : null;
    }

    /** Whether two tries are under way. */
    boolean on() {
        return on;
    }

    /** Milliseconds until a second try is due, at least 1; {@link Long#MAX_VALUE} for never. */
    long dueMillis() {
        if (delay == Long.MAX_VALUE || attempt.connection() == null) {
            return Long.MAX_VALUE;
        }
        return Math.max(1, delay - (loop.now() - attempt.began()) / 1_000_000);
    }

    /** Whether what is waited for has a limit from when its try was last heard of, not from any event. */
    boolean timed() {
        return timed;
    }

    /** Milliseconds that are left for what is waited for, at least 1: of two tries for the one that has less. */
    long leftMillis(@Nullable Service service, boolean requestSent) {
        long left = attempt.leftMillis(service, requestSent);
        Attempt second = other();
        return Math.max(1, second == null ? left : Math.min(left, second.leftMillis(service, requestSent)));
    }

    /** A second try is due: gives where it goes, and has it at hand; null if there is to be none. There is at most one a request. */
    @Nullable
    Endpoint start() {
        delay = Long.MAX_VALUE;
        Endpoint place = selection.hedge(loop.now());
        if (place != null) {
            Attempt second = spare == null ? new Attempt(port, state, Attempt.SECOND) : spare;
            second.keep(null);
            spare = second;
            change(second);
            on = true;
        }
        return place;
    }

    /** Has a try at hand; gives false if it is no longer under way. */
    boolean takeUp(Attempt wanted) {
        if (wanted != attempt && on) {
            selection.swap();
            change(wanted);
            exchange.resumed(wanted.endpoint(), wanted.began());
        }
        return wanted == attempt;
    }

    /** Has that of two tries at hand which has less time left. */
    void takeUpOverdue(@Nullable Service service) {
        Attempt second = other();
        if (second != null && second.leftMillis(service, true) < attempt.leftMillis(service, true)) {
            takeUp(second);
        }
    }

    /** What of a head has been read belongs to the try that read it. */
    private void change(Attempt to) {
        attempt.keep(relay.partialHead());
        relay.resume(to.kept());
        to.keep(null);
        spare = attempt;
        attempt = to;
    }

    /** The try at hand has failed, and the other goes on alone. */
    void lost() {
        Attempt second = other();
        if (second != null) {
            takeUp(second);
            on = false;
        }
    }

    /** The try at hand has a response's head: the other is given up. */
    void won() {
        giveUpOther();
        selection.outran(loop.now());
    }

    private void giveUpOther() {
        Attempt second = other();
        on = false;
        Endpoint place = second == null ? null : second.endpoint();
        if (second != null && place != null) {
            exchange.tryGivenUp(place, second.began());
            second.discard();
            second.keep(null);
        }
    }

    /** Ends all tries. */
    void cancel() {
        giveUpOther();
        attempt.discard();
    }

    /** Reads what has arrived as soon as there is something. */
    void resumeReading() {
        attempt.resumeReading();
        Attempt second = other();
        if (second != null) {
            second.resumeReading();
        }
    }
}
