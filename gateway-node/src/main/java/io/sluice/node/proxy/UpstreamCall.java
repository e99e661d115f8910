package io.sluice.node.proxy;

import io.sluice.node.http.BodyReader;
import io.sluice.node.http.BodyWriter;
import io.sluice.node.http.BodyWriter.Framing;
import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.OutBuffer;
import io.sluice.node.http.RequestHead;
import io.sluice.node.http.ResponseHead;
import io.sluice.node.upstream.Choice;
import io.sluice.node.upstream.Destination;
import io.sluice.node.upstream.Endpoint;
import io.sluice.node.upstream.KeyCookie;
import io.sluice.node.upstream.Selection;
import io.sluice.node.upstream.UpstreamConnection;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's side of an exchange: finds a place to send to, sends, tries again where that is allowed, reads the response
 * and hands it to the client's side as it arrives. One object for all exchanges of a client connection.
 */
final class UpstreamCall {

    /** Free bytes before what is read, so that a longer head than the upstream's can take its place. */
    private static final int HEADROOM = 2048;

    /** What the call waits for, which decides whose deadline runs. */
    enum Waiting {
        NOTHING,
        CONNECT,
        SEND,
        CLIENT,
        RESPONSE
    }

    private final RequestCycle client;
    private final ProxyExchange exchange;
    private final ProxyContext context;
    private final LoopState state;
    private final EventLoop loop;
    private final BodyReader requestBody;
    private final BodyWriter requestWriter;
    private final ResponseRelay relay;
    private final Selection selection = new Selection();
    private final Tries tries = new Tries();
    private final Replay replay = new Replay();
    private final Race race;
    private @Nullable Service service;
    private final CallTls tls = new CallTls();
    private final GrpcCall grpc = new GrpcCall();
    private @Nullable ByteString heldBody;
    private ByteString bodyBegun = ByteString.emptyByteString();
    private boolean http2;
    private boolean inputEnded;
    private boolean active;

    UpstreamCall(
            RequestCycle client,
            ProxyExchange exchange,
            ProxyContext context,
            PhaseRunner phases,
            LoopState state,
            BodyReader requestBody) {
        this.client = client;
        this.exchange = exchange;
        this.context = context;
        this.state = state;
        this.loop = state.loop();
        this.requestBody = requestBody;
        this.requestWriter = new BodyWriter(loop.upstreamOut());
        this.relay = new ResponseRelay(this, client, exchange, context, phases, state);
        this.race = new Race(state, client.port(), exchange, selection, relay);
    }

    /**
     * Begins to send the exchange's request.
     *
     * @param body the whole body if it is in memory; null if it streams through {@link #relay}
     * @param begun what was read already of a body that streams; usually nothing
     */
    void start(Service newService, Destination destination, @Nullable ByteString body, ByteString begun) {
        service = newService;
        tls.begin(exchange.revision().tls(newService));
        http2 = newService.protocol().grpc();
        grpc.begin(exchange, http2, loop.now());
        selection.begin(destination, exchange, state.random());
        heldBody = body;
        bodyBegun = begun;
        active = true;
        tries.begin(newService.retries());
        replay.begin();
        inputEnded = false;
        relay.begin();
        if (body == null) {
            boolean chunked = exchange.client().head().bodyLength() == RequestHead.CHUNKED;
            Framing chunks = begun.isEmpty() ? Framing.CHUNKS_KEPT : Framing.CHUNKS_NEW;
            requestWriter.start(loop.upstreamOut(), chunked ? chunks : Framing.PLAIN, List.of());
        }
        if (selection.enter(loop.now())) {
            race.begin(http2);
            next();
        } else {
            active = false;
            client.answer(OwnAnswer.circuitOpen(selection.retryAfter(loop.now())), true);
        }
    }

    /** Looks for a place to send to; also called when a name has been looked up. */
    void next() {
        if (!active) {
            return;
        }
        Choice choice = selection.next(loop.now());
        while (choice instanceof Endpoint endpoint && !connect(endpoint)) {
            if (!again(ProxyFailure.CONNECT_FAILED)) {
                return;
            }
            choice = selection.next(loop.now());
        }
        if (choice instanceof Endpoint endpoint) {
            send(endpoint);
        } else if (choice instanceof Choice.Resolving resolving) {
            client.decision().awaitName(resolving.done());
        } else {
            client.fail(choice == Choice.NoPeer.INSTANCE ? ProxyFailure.NO_PEER : ProxyFailure.NAME_NOT_RESOLVED);
        }
    }

    /** Takes or begins a connection; gives false if that fails at once. */
    private boolean connect(Endpoint endpoint) {
        exchange.trying(endpoint, loop.now());
        return race.attempt().connect(endpoint, tls.target(exchange, endpoint), http2, tries.freshOnly());
    }

    private void send(Endpoint endpoint) {
        ByteString body = heldBody;
        ByteWriter head = loop.writer();
        HeadRenderer.request(head, exchange, context, endpoint, body == null ? -1 : body.size());
        OutBuffer out = loop.upstreamOut();
        out.clear();
        out.put(head);
        if (body != null) {
            out.put(body.asByteBuffer());
        } else if (!bodyBegun.isEmpty()) {
            requestWriter.data(bodyBegun.asByteBuffer());
        }
        if (body == null) {
            replay.putTo(out);
        }
    }

    /**
     * Takes what it can of the request's body; the rest stays in the buffer.
     *
     * @return false if the bytes are not a well-formed body
     */
    boolean relay(ByteBuffer in) {
        if (!race.attempt().accepts()) {
            return true;
        }
        OutBuffer out = loop.upstreamOut();
        int n = in.remaining();
        long before = requestBody.received();
        boolean good = true;
        if (!replay.whole() && out.isEmpty() && requestWriter.transparent() && requestBody.canSkip(n)) {
            requestBody.skip(n);
            race.attempt().write(in);
        } else {
            int from = out.length();
            good = requestBody.read(in, requestWriter);
            replay.remember(out, from);
        }
        exchange.client().received(requestBody.received() - before);
        return good;
    }

    /** Sends what this event has gathered for the upstream. */
    void flush() {
        OutBuffer out = loop.upstreamOut();
        if (!out.isEmpty()) {
            race.attempt().write(out.flip());
        }
        out.clear();
        if (inputEnded && race.attempt().accepts() && client.port().inboxEmpty()) {
            endTunnelInput();
        }
    }

    /** Inside the stream: connections are ready. */
    void onReady(int operations) {
        Attempt first = race.attempt();
        Attempt second = race.other();
        ready(first, first.operations(operations));
        if (second != null && second.operations(operations) != 0 && race.takeUp(second)) {
            ready(second, second.operations(operations));
        }
    }

    private void ready(Attempt attempt, int operations) {
        UpstreamConnection from = attempt.connection();
        if (from == null || operations == 0) {
            return;
        }
        attempt.heard();
        try {
            if (!from.connected()) {
                if (from.finishConnect()) {
                    from.flush();
                }
                return;
            }
        } catch (IOException e) {
            if (!from.connected()) {
                state.complaints().failed(from, e, loop.now());
            }
            failed(from.connected() ? ProxyFailure.CONNECTION_BROKEN : ProxyFailure.CONNECT_FAILED);
            return;
        }
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            attempt.flush();
        }
        if ((operations & SelectionKey.OP_READ) != 0) {
            if (client.port().clientReady()) {
                read(from);
            } else {
                from.readable(false);
            }
        }
    }

    private void read(UpstreamConnection from) {
        ByteBuffer buffer = loop.readBuffer();
        buffer.clear().position(HEADROOM);
        int n;
        try {
            n = from.read(buffer);
        } catch (IOException e) {
            ended(false);
            return;
        }
        if (n < 0) {
            ended(!race.attempt().writeFailed()); // a reset that a failed write has told of reads as an end
        } else if (n > 0) {
            buffer.limit(HEADROOM + n).position(HEADROOM);
            relay.received(buffer);
        }
    }

    /** The upstream ended the stream (or, not in order, the connection). */
    private void ended(boolean orderly) {
        if (relay.tunnel()) {
            client.tunnelEnded(orderly);
        } else if (!relay.headDone()) {
            failed(ProxyFailure.CONNECTION_BROKEN);
        } else if (orderly && relay.ended()) {
            complete(true);
        } else {
            endAs(GrpcStatus.ofReset(race.attempt().connection()), "The upstream ended the call");
        }
    }

    /** Ends a response that has begun and that its upstream does not end: one of gRPC in order, with its status. */
    private void endAs(String status, String message) {
        race.attempt().spoil();
        if (!http2 || !relay.end(GrpcCall.end(status, message))) {
            client.abort();
        }
    }

    /** The response's final head has been read; the client is given the cookie that keeps it with its target. */
    void responded(ResponseView response) {
        if (race.on()) {
            race.won();
        }
        selection.responded(exchange.answer().head().status(), loop.now());
        selection.answered(exchange.answer().head().status());
        KeyCookie cookie = selection.cookie();
        String line = selection.setCookie();
        if (cookie != null && line != null) {
            response.setCookie(cookie, line);
        }
    }

    /** The response is complete; {@code surplus} if the upstream said more than that. */
    void complete(boolean surplus) {
        UpstreamConnection done = race.attempt().release();
        active = false;
        if (done != null) {
            ResponseHead head = exchange.answer().head();
            boolean clean = !surplus
                    && !race.attempt().writeFailed()
                    && head.keepAlive()
                    && head.bodyLength() != ResponseHead.UNTIL_CLOSE
                    && requestSent()
                    && loop.upstreamOut().isEmpty()
                    && !done.congested();
            if (clean) {
                if (relay.bodyless()) {
                    done.expectNothing();
                }
                state.pool().give(done);
            } else {
                state.pool().discard(done);
            }
        }
        client.exchangeComplete();
    }

    /** The current try has failed: try again if that is allowed, else tell the client. */
    void failed(ProxyFailure failure) {
        if (again(failure)) {
            next();
        }
    }

    /** The first try has had its time: another target is asked too, if there is one and the upstream can bear it. */
    void hedge() {
        Endpoint beside = race.start();
        if (beside == null) {
            return;
        }
        if (connect(beside)) {
            send(beside);
        } else {
            failed(ProxyFailure.CONNECT_FAILED);
        }
    }

    /** Milliseconds until a second try beside the first is due; {@link Long#MAX_VALUE} for never. */
    long hedgeMillis() {
        return requestSent() && replay.whole() && !relay.headDone() ? race.dueMillis() : Long.MAX_VALUE;
    }

    /** Ends the try at hand; gives whether another is to begin. If not, one is under way, or the client has been told. */
    private boolean again(ProxyFailure failure) {
        UpstreamConnection broken = race.attempt().release();
        loop.upstreamOut().clear();
        relay.restart();
        exchange.tryFailed(failure.status());
        boolean sent = false;
        boolean reused = false;
        if (broken != null) {
            sent = broken.sent() > 0 && !broken.unprocessed();
            reused = broken.reused();
            state.pool().discard(broken);
        }
        boolean wasIdle = reused && failure == ProxyFailure.CONNECTION_BROKEN; // then its end says little
        if (active && !wasIdle) {
            selection.blame(failure.blame());
        }
        if (race.on()) {
            if (wasIdle) {
                selection.dropped();
            } else {
                selection.failed(loop.now());
            }
            race.lost();
            return false;
        }
        boolean repeatable = active && RetryRule.repeatable(exchange.client().head(), sent, replay.whole());
        Tries.Next next = tries.failed(failure, repeatable, reused);
        if (next == Tries.Next.SAME_TARGET) {
            selection.again();
            return true;
        }
        selection.failed(loop.now());
        if (next == Tries.Next.ANOTHER_TARGET && selection.retry(loop.now())) {
            return true;
        }
        selection.gaveUp(loop.now());
        active = false;
        exchange.headReceived(loop.now());
        client.fail(failure);
        return false;
    }

    /** Whether the deadline that ran out is a failed try (true) or the end of a response under way. */
    void timedOut() {
        if (relay.headDone()) {
            endAs(GrpcCall.DEADLINE_EXCEEDED, ProxyFailure.UPSTREAM_TIMEOUT.message());
        } else {
            race.takeUpOverdue(service);
            failed(waiting() == Waiting.CONNECT ? ProxyFailure.CONNECT_TIMEOUT : ProxyFailure.UPSTREAM_TIMEOUT);
        }
    }

    /** The client's own deadline for the call has passed. */
    void deadlinePassed() {
        if (relay.headDone()) {
            endAs(GrpcCall.DEADLINE_EXCEEDED, ProxyFailure.DEADLINE_EXCEEDED.message());
        } else {
            client.fail(ProxyFailure.DEADLINE_EXCEEDED);
        }
    }

    /** Milliseconds until the client's own deadline; {@code Long.MAX_VALUE} if it has none. */
    long deadlineMillis() {
        return grpc.leftMillis(loop.now());
    }

    /** Ends the call without a word; nothing of it remains. */
    void cancel() {
        active = false;
        loop.upstreamOut().clear();
        race.cancel();
    }

    /** The exchange has been logged: gives back what was kept for it. */
    void clear() {
        relay.clear();
        heldBody = null;
        bodyBegun = ByteString.emptyByteString();
        replay.clear();
        service = null;
        tls.clear();
        selection.end();
    }

    /** The client can take bytes again. */
    void resumeReading() {
        race.resumeReading();
    }

    /** In a tunnel: bytes from the client. */
    void tunnel(ByteBuffer in) {
        if (race.attempt().connection() != null) {
            loop.counters().tunnelledIn(in.remaining());
            race.attempt().write(in);
        }
    }

    /** In a tunnel: whether a frame of the gateway's may be sent to the client now. */
    boolean closable() {
        return relay.closable();
    }

    /** In a tunnel: the client will send no more. */
    void tunnelInputEnded() {
        inputEnded = true;
    }

    private void endTunnelInput() {
        inputEnded = false;
        try {
            race.attempt().endOutput();
        } catch (IOException e) {
            client.tunnelEnded(false);
        }
    }

    /** Whether the upstream takes bytes at the moment. */
    boolean accepts() {
        return race.attempt().accepts();
    }

    /** Whether the response's final head has been read. */
    boolean headDone() {
        return relay.headDone();
    }

    /** Whether the whole request has been read from the client. */
    boolean requestSent() {
        return heldBody != null || requestBody.done();
    }

    Waiting waiting() {
        return race.attempt().waiting(requestSent());
    }

    /** The service's limit for what is waited for, in milliseconds. */
    long timeoutMillis(Waiting waiting) {
        return race.timed() && !relay.headDone()
                ? race.leftMillis(service, requestSent())
                : CallLimits.millis(service, race.attempt().connection(), waiting);
    }
}
