package io.sluice.node.proxy;

import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.RequestHead;
import io.sluice.node.plugin.Verdict;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * The life of the requests of one client connection, one after the other: read the head, decide, forward or answer, go on.
 *
 * <pre>
 *   HEAD --head--> DECIDING --plugins, route--> UPSTREAM --response--> HEAD
 *                   |   ^  \--own answer------> DRAIN ----body gone--> HEAD
 *                   v   |                        UPSTREAM --101------> TUNNEL
 *                  COLLECT (a plugin wants the body)
 * </pre>
 */
final class RequestCycle {

    private final ClientPort port;
    private final ProxyContext context;
    private final LoopState loopState;
    private final EventLoop loop;
    private final ProxyExchange exchange;
    private final PhaseRunner phases;
    private final Decision decision;
    private final OwnAnswer ownAnswer;
    private final RequestBody body;
    private final UpstreamCall call;
    private final ClientTimers timers;
    private CycleState state = CycleState.HEAD;
    private final HeadIntake intake;
    private boolean keepAlive;
    private boolean tunnelClosed;
    private int requests;

    RequestCycle(ClientPort port, ProxyContext context, ConnectionPeer peer, LoopState loopState) {
        this.port = port;
        this.context = context;
        this.loopState = loopState;
        this.loop = loopState.loop();
        this.intake = new HeadIntake(loop, context.headLimits());
        this.body = new RequestBody(context.settings().client().bodyBytes(), port.bodies());
        this.exchange = new ProxyExchange(context, peer, body);
        this.phases = new PhaseRunner(exchange);
        this.decision = new Decision(this, exchange, phases);
        this.ownAnswer = new OwnAnswer(exchange, context, phases);
        this.call = new UpstreamCall(this, exchange, context, phases, loopState, body.reader());
        this.timers =
                new ClientTimers(loopState, context.settings().client(), context.verdictLimit(), port::deadlinePassed);
    }

    /** The connection is open. */
    void begin() {
        timers.idle(context.draining());
    }

    /** The stream has ended, in whatever way; the cycle may begin again. */
    void end() {
        timers.remove();
        if (state.serving()) {
            forsake();
            conclude();
        }
        intake.clear();
    }

    /** Whether the rest of an answered request's body is thrown away. */
    boolean draining() {
        return state == CycleState.DRAIN;
    }

    /** Whether a head is awaited, and so bytes without a line feed need not be looked at. */
    boolean awaitsHead() {
        return state == CycleState.HEAD;
    }

    boolean closing() {
        return state == CycleState.CLOSING;
    }

    ClientPort port() {
        return port;
    }

    UpstreamCall call() {
        return call;
    }

    ProxyExchange exchange() {
        return exchange;
    }

    Decision decision() {
        return decision;
    }

    /** Plugins or the resolver decide. */
    void deciding() {
        timers.verdictThere();
        state = CycleState.DECIDING;
    }

    /** A plugin takes its time, maybe because it wants the body first. */
    void awaitsPlugin() {
        timers.verdictAwaited();
        state = body.collecting() ? CycleState.COLLECT : CycleState.DECIDING;
        inviteBody();
    }

    /** The name that the call waited for has been looked up. */
    void callAgain() {
        state = CycleState.UPSTREAM;
        call.next();
        inviteBody();
    }

    /** A client that waits to be told to send its body is told so once the body is wanted. */
    private void inviteBody() {
        if (!body.done() && (state == CycleState.UPSTREAM || state == CycleState.COLLECT)) {
            body.invite(loop.clientOut(), !port.inboxEmpty());
        }
    }

    /** The drain has begun: a request that is on its way is still answered, with the word that it is the last. */
    void drainBegun() {
        if (state == CycleState.HEAD && port.inboxEmpty()) {
            timers.idle(true);
        }
    }

    /** Uses what it can of the client's bytes. */
    void run(ByteBuffer bytes) {
        boolean more = true;
        while (more) {
            more = switch (state) {
                case HEAD -> readHead(bytes);
                case UPSTREAM -> relayBody(bytes);
                case COLLECT -> collectBody(bytes);
                case DRAIN -> drainBody(bytes);
                case TUNNEL -> tunnelBytes(bytes);
                case DECIDING, CLOSING -> false;
            };
        }
    }

    private boolean readHead(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return false;
        }
        int outcome = intake.read(bytes, exchange.client().head());
        if (outcome == 0) {
            timers.header();
            return false;
        }
        if (outcome < 0) {
            refuse(ProxyFailure.ofHead(outcome));
            return false;
        }
        startRequest(exchange.client().head(), bytes.hasRemaining());
        return true;
    }

    private void startRequest(RequestHead head, boolean bodyBegun) {
        requests++;
        loop.counters().requestStarted();
        state = CycleState.DECIDING;
        body.begin(head, bodyBegun);
        timers.bodyStarts();
        keepAlive = head.keepAlive() && requests < context.settings().client().requests() && !context.draining();
        boolean good = exchange.begin(loopState.random(), loop.now());
        phases.begin(exchange.revision().globalChain());
        if (!good) {
            refuseBegun(ProxyFailure.BAD_REQUEST);
        } else if (body.limit().refuses(head.bodyLength())) {
            fail(ProxyFailure.BODY_TOO_LARGE);
        } else {
            decision.begin();
        }
    }

    /** The plugins let the request go on to its service. */
    void forward() {
        var service = exchange.match().service();
        if (service == null || !exchange.revision().speaks(service)) {
            fail(service == null ? ProxyFailure.NO_SERVICE : ProxyFailure.PROTOCOL_NOT_SPOKEN);
            return;
        }
        if (body.tooLarge(exchange.forward())) {
            refuseBody(ProxyFailure.BODY_TOO_LARGE);
            return;
        }
        ByteString held = body.held(exchange.forward());
        if (held != null && !body.done()) {
            body.none();
            keepAlive = false;
        }
        state = CycleState.UPSTREAM;
        call.start(service, exchange.revision().destination(service), held, body.begun());
        inviteBody();
    }

    private boolean relayBody(ByteBuffer bytes) {
        if (body.done() || !bytes.hasRemaining()) {
            return false;
        }
        int before = bytes.remaining();
        ProxyFailure wrong = body.relay(bytes, call, timers);
        if (wrong != null) {
            failBody(wrong);
            return false;
        }
        return bytes.remaining() < before && bytes.hasRemaining();
    }

    private boolean collectBody(ByteBuffer bytes) {
        ProxyFailure wrong = body.collect(bytes, timers, exchange);
        if (wrong != null) {
            refuseBody(wrong);
        } else if (!body.collecting()) {
            timers.verdictAwaited();
            state = CycleState.DECIDING;
        }
        return false;
    }

    private boolean drainBody(ByteBuffer bytes) {
        if (!body.drain(bytes)) {
            close();
        } else if (body.done()) {
            nextRequest();
            return state == CycleState.HEAD;
        }
        return false;
    }

    private boolean tunnelBytes(ByteBuffer bytes) {
        if (bytes.hasRemaining() && call.accepts()) {
            exchange.client().received(bytes.remaining());
            call.tunnel(bytes);
        }
        return false;
    }

    /** A request that could not be read: answered without phases, and the connection ends. */
    private void refuse(ProxyFailure failure) {
        requests++;
        loop.counters().requestStarted();
        body.none();
        exchange.refused(intake.refusedLine(), loopState.random(), loop.now());
        phases.begin(exchange.revision().globalChain());
        refuseBegun(failure);
    }

    /** A request that cannot even be put into a head: as {@link #refuse}, with what may be shown of it. */
    void refuseMalformed(String line) {
        intake.refuse(line);
        refuse(ProxyFailure.BAD_REQUEST);
    }

    /** A request that has begun is answered without being served, and the connection ends. */
    void refuseBegun(ProxyFailure failure) {
        keepAlive = false;
        fail(failure);
    }

    /** The request cannot be served, or a response must not be shown. */
    void fail(ProxyFailure failure) {
        call.cancel();
        answer(OwnAnswer.of(failure), failure.routerStyle());
    }

    /** The body being sent upstream is broken, too large or too slow. */
    private void failBody(ProxyFailure failure) {
        boolean begun = call.headDone();
        call.cancel();
        if (begun) {
            abort();
        } else {
            refuseBody(failure);
        }
    }

    private void refuseBody(ProxyFailure failure) {
        Optional<Verdict.Answer> answer = body.limit().answer();
        if (failure == ProxyFailure.BODY_TOO_LARGE && answer.isPresent()) {
            keepAlive = false;
            answer(answer.get(), true);
        } else {
            refuseBegun(failure);
        }
    }

    /** The gateway answers itself; {@code routerStyle} as in {@link OwnAnswer#write}. */
    void answer(Verdict.Answer answer, boolean routerStyle) {
        boolean bodyGone = body.done();
        keepAlive &= !port.inputExhausted() && body.drainable() && !context.draining();
        ownAnswer.write(answer, routerStyle, keepAlive, loopState, loop.clientOut());
        endExchange();
        if (!keepAlive) {
            state = CycleState.CLOSING;
        } else if (bodyGone) {
            nextRequest();
        } else {
            state = CycleState.DRAIN;
        }
    }

    /** A plugin may still be at work on the exchange: no other request may use what it holds, so this is the last. */
    void answerLast(Verdict.Answer answer) {
        keepAlive = false;
        answer(answer, true);
    }

    /** The response's head is about to be written; {@code clean} if the connection could live on after it. */
    void responseBegins(boolean clean) {
        keepAlive &= clean && !port.inputExhausted() && !context.draining() && !bytesBehindUpgrade();
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    /** The response is complete. */
    void exchangeComplete() {
        keepAlive &= body.done() && !bytesBehindUpgrade();
        endExchange();
        if (keepAlive) {
            nextRequest();
        } else {
            state = CycleState.CLOSING;
        }
    }

    /** Bytes behind a refused upgrade were meant for a tunnel: they are not taken for requests. */
    private boolean bytesBehindUpgrade() {
        return exchange.client().head().webSocket() && !port.inboxEmpty();
    }

    private void nextRequest() {
        state = port.inputExhausted() ? CycleState.CLOSING : CycleState.HEAD;
        timers.idle(context.draining());
    }

    private void endExchange() {
        port.account();
        conclude();
    }

    private void conclude() {
        exchange.ended(loop.now());
        phases.log();
        context.log().ended(exchange);
        phases.clear();
        loop.counters().requestEnded();
        if (decision.verdictAwaited()) {
            intake.abandon();
        } else {
            intake.clear();
        }
        decision.clear();
        call.clear();
        body.clear();
        state = CycleState.HEAD;
    }

    /** Nothing is under way: the connection can end. */
    void close() {
        if (state == CycleState.HEAD || state == CycleState.DRAIN) {
            state = CycleState.CLOSING;
        }
    }

    /** The response cannot be completed: the client must not take it for whole. */
    void abort() {
        call.cancel();
        if (state.serving()) {
            endExchange();
        }
        state = CycleState.CLOSING;
        port.reset();
    }

    /** The time to stop is over. */
    void cutOff() {
        CycleEnd.cutOff(this, loop.clientOut());
    }

    /** The client's connection is lost. */
    void clientGone() {
        if (state.serving()) {
            forsake();
            endExchange();
        }
        state = CycleState.CLOSING;
        port.finish();
    }

    /** Nobody is left to take the response: without one, the log tells of a lost client. */
    private void forsake() {
        boolean asked = state == CycleState.UPSTREAM || state == CycleState.TUNNEL;
        if (!asked || !call.headDone()) {
            exchange.answer().own(ProxyFailure.CLIENT_GONE.status());
        }
        call.cancel();
    }

    /** The client will send no more. */
    void clientEnded() {
        CycleEnd.clientEnded(this, body.done());
    }

    CycleState state() {
        return state;
    }

    /** The upgrade was accepted. */
    void tunnelOpened() {
        state = CycleState.TUNNEL;
        keepAlive = false;
        tunnelClosed = false;
    }

    /** The upstream has said in the tunnel that it sends no more: how its connection ends does not matter from now on. */
    void tunnelClosed() {
        tunnelClosed = true;
    }

    /** The upstream's end of the tunnel closed. */
    void tunnelEnded(boolean orderly) {
        call.cancel();
        endExchange();
        state = CycleState.CLOSING;
        if (!orderly && !tunnelClosed) {
            port.reset();
        }
    }

    /** Time ran out for whatever is waited for. */
    void onDeadline() {
        switch (timers.expired()) {
            case IDLE -> close();
            case PARKED -> clientGone();
            case VERDICT -> decision.verdictOverdue();
            case HEADER -> refuse(ProxyFailure.CLIENT_TIMEOUT);
            case CLIENT_BODY -> {
                if (state == CycleState.UPSTREAM) {
                    failBody(ProxyFailure.CLIENT_TIMEOUT);
                } else if (state == CycleState.COLLECT) {
                    refuseBegun(ProxyFailure.CLIENT_TIMEOUT);
                } else {
                    close();
                }
            }
            case UPSTREAM -> call.timedOut();
            case CALL -> call.deadlinePassed();
            case HEDGE -> call.hedge();
            case TUNNEL -> tunnelEnded(true);
            case NONE -> {}
        }
    }

    /** Nothing waits in the inbox and the client will send no more: a body that is not whole never will be. */
    void noMoreInput() {
        if (state == CycleState.UPSTREAM && !body.done()) {
            clientGone();
        } else {
            close();
        }
    }

    /** Whether the client's next bytes are wanted now. */
    boolean wantsInput() {
        return switch (state) {
            case HEAD, COLLECT, DRAIN -> true;
            case UPSTREAM -> port.inboxEmpty() && (body.done() || call.accepts());
            case TUNNEL -> port.inboxEmpty() && call.accepts();
            case DECIDING -> port.inboxEmpty();
            case CLOSING -> false;
        };
    }

    /** Sets the deadline for whatever is waited for now. */
    void setDeadline() {
        timers.follow(state, call, port.clientReady(), port.inputEnded());
    }
}
