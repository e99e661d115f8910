package io.sluice.node.proxy;

import io.sluice.node.http.BodyReader;
import io.sluice.node.http.BodyWriter;
import io.sluice.node.http.BodyWriter.Framing;
import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.RequestHead;
import io.sluice.node.http.ResponseHead;
import io.sluice.node.http.WebSocketFrames;
import io.sluice.node.plugin.BodyFilter;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an upstream's response, runs the response phases on it and gives it to the client as it arrives. Reused. */
final class ResponseRelay {

    private static final int FIRST_LOOK = 8 * 1024;
    private static final int WORTH_PREPENDING = 4 * 1024;

    private final UpstreamCall call;
    private final RequestCycle client;
    private final ProxyExchange exchange;
    private final ProxyContext context;
    private final PhaseRunner phases;
    private final EventLoop loop;
    private final HttpDate date;
    private final BodyReader body = BodyReader.ofResponses();
    private final BodyWriter writer;
    private @Nullable ByteWriter partialHead;
    private byte @Nullable [] headBytes;
    private boolean headDone;
    private boolean tunnel;
    private boolean headSent;
    private int interims;
    private final WebSocketFrames frames = new WebSocketFrames();

    ResponseRelay(
            UpstreamCall call,
            RequestCycle client,
            ProxyExchange exchange,
            ProxyContext context,
            PhaseRunner phases,
            LoopState state) {
        this.call = call;
        this.client = client;
        this.exchange = exchange;
        this.context = context;
        this.phases = phases;
        this.loop = state.loop();
        this.date = state.date();
        this.writer = new BodyWriter(loop.clientOut());
    }

    /** Prepares for the response of another exchange. */
    void begin() {
        interims = 0;
        headDone = false;
        tunnel = false;
        partialHead = null;
    }

    /** Forgets what a failed try had said. */
    void restart() {
        partialHead = null;
    }

    /** What has been read of a head that is not complete; null for nothing. */
    @Nullable
    ByteWriter partialHead() {
        return partialHead;
    }

    /** Goes on with another try, of whose head this has been read. */
    void resume(@Nullable ByteWriter partial) {
        partialHead = partial;
    }

    /** The exchange has been logged: gives back what was kept for it. */
    void clear() {
        byte[] bytes = headBytes;
        if (bytes != null) {
            loop.headBuffers().give(bytes);
            headBytes = null;
        }
        partialHead = null;
        if (tunnel) {
            tunnel = false;
            loop.counters().tunnelClosed();
        }
    }

    /** Whether the final head has been read. */
    boolean headDone() {
        return headDone;
    }

    boolean tunnel() {
        return tunnel;
    }

    /** Whether the response has no body whatever its head says: an upstream that sends one is not to be trusted. */
    boolean bodyless() {
        return exchange.client().head().methodIs("HEAD")
                || isBodyless(exchange.answer().head().status());
    }

    /** Bytes from the upstream. */
    void received(ByteBuffer in) {
        try {
            take(in);
        } catch (GuardedFilter.FailedException e) {
            client.abort();
        }
    }

    private void take(ByteBuffer in) {
        if (tunnel) {
            tunnelled(in);
            return;
        }
        while (!headDone) {
            if (!readHead(in)) {
                return;
            }
        }
        if (headSent) {
            headSent = false;
            return;
        }
        if (tunnel) {
            if (in.hasRemaining()) {
                tunnelled(in);
            }
            return;
        }
        if (body.done()) {
            call.complete(in.hasRemaining());
            return;
        }
        if (passes(in) && loop.clientOut().isEmpty()) {
            send(in, in.remaining());
            return;
        }
        if (!body.read(in, writer)) {
            client.abort();
            return;
        }
        exchange.answer().content(writer.written());
        if (body.done()) {
            call.complete(in.hasRemaining());
        }
    }

    private void tunnelled(ByteBuffer in) {
        frames.follow(in);
        if (frames.closing() && frames.between()) {
            client.tunnelClosed();
        }
        loop.counters().tunnelledOut(in.remaining());
        client.port().push(in);
    }

    /** Ends a response of gRPC that has begun, with the last chunk given; gives false if that cannot be. */
    boolean end(ByteBuffer last) {
        boolean possible = headDone && !tunnel && body.betweenChunks() && GrpcCall.answers(exchange);
        if (possible) {
            received(last);
        }
        return possible;
    }

    /** In a tunnel: whether the client can be told that it ends, which is so between two frames. */
    boolean closable() {
        return tunnel && frames.between() && !frames.closing();
    }

    /** Whether everything in the buffer is content that goes to the client as it is. */
    private boolean passes(ByteBuffer in) {
        return in.hasRemaining() && writer.transparent() && body.canSkip(in.remaining());
    }

    /** Sends a buffer whose end is content, without copying it. */
    private void send(ByteBuffer in, int content) {
        body.skip(content);
        writer.passed(content);
        exchange.answer().content(writer.written());
        client.port().push(in);
        if (body.done()) {
            call.complete(false);
        }
    }

    /**
     * Puts a head straight before its content in the upstream's buffer, where the upstream's own head was, so that large
     * content need not be copied to be sent in one piece with it. Gives whether that was done.
     */
    private boolean prepended(ByteWriter head, ByteBuffer in) {
        int content = in.remaining();
        int start = in.position() - head.length();
        boolean possible = content >= WORTH_PREPENDING
                && start >= 0
                && in.isDirect()
                && passes(in)
                && loop.clientOut().isEmpty()
                && client.port().clientReady();
        if (possible) {
            in.put(start, head.array(), 0, head.length());
            in.position(start);
            send(in, content);
        }
        return possible;
    }

    /** Reads a head, interim or final; gives false if more bytes are needed or the try has failed. */
    private boolean readHead(ByteBuffer in) {
        ByteWriter partial = partialHead;
        byte[] bytes;
        int available;
        int before = partial == null ? 0 : partial.length();
        if (partial == null) {
            bytes = loop.scratch();
            available = Math.min(in.remaining(), FIRST_LOOK);
            in.get(in.position(), bytes, 0, available);
        } else {
            partial.put(in.duplicate());
            bytes = partial.array();
            available = partial.length();
        }
        ResponseHead head = exchange.answer().head();
        boolean headRequest = exchange.client().head().methodIs("HEAD");
        int end = head.parse(bytes, 0, available, headRequest, HeadLimits.RESPONSE);
        if (end == 0 && partial == null && available < in.remaining()) {
            available = in.remaining();
            in.get(in.position(), bytes, 0, available);
            end = head.parse(bytes, 0, available, headRequest, HeadLimits.RESPONSE);
        }
        if (end < 0 || end == 0 && available > HeadLimits.RESPONSE.head()) {
            call.failed(ProxyFailure.INVALID_RESPONSE);
            return false;
        }
        if (end == 0) {
            if (partial == null && available > 0) {
                partial = new ByteWriter(Math.max(1024, available));
                partial.put(in);
                partialHead = partial;
            } else {
                in.position(in.limit());
            }
            return false;
        }
        in.position(in.position() + end - before);
        partialHead = null;
        return head.status() < 200 ? interim(head) : finalHead(head, in);
    }

    private boolean interim(ResponseHead head) {
        if (head.status() == 101) {
            return upgraded(head);
        }
        if (++interims > HeadLimits.MOST_INTERIM) {
            call.failed(ProxyFailure.INVALID_RESPONSE);
            return false;
        }
        if (head.status() != 100 && exchange.client().head().minorVersion() == 1) {
            exchange.answer().received(false, false);
            ByteWriter out = loop.writer();
            HeadRenderer.interim(out, exchange.answer());
            loop.clientOut().put(out);
        }
        return true;
    }

    private boolean upgraded(ResponseHead head) {
        boolean asked = exchange.client().head().webSocket();
        if (!asked || !head.fields().lists(KnownField.UPGRADE, "websocket")) {
            call.failed(ProxyFailure.INVALID_RESPONSE);
            return false;
        }
        keepHead(head);
        exchange.headReceived(loop.now());
        exchange.answer().received(false, true);
        call.responded(exchange.answer());
        headDone = true;
        tunnel = true;
        frames.begin();
        loop.counters().tunnelOpened();
        if (!phases.responseHead()) {
            client.fail(ProxyFailure.UNEXPECTED);
            return false;
        }
        ByteWriter out = loop.writer();
        HeadRenderer.upgraded(out, exchange, context, date);
        loop.clientOut().put(out);
        client.tunnelOpened();
        return true;
    }

    private void keepHead(ResponseHead head) {
        byte[] own = loop.headBuffers().take(head.length());
        head.moveTo(own);
        headBytes = own;
    }

    private boolean finalHead(ResponseHead head, ByteBuffer in) {
        keepHead(head);
        headDone = true;
        exchange.headReceived(loop.now());
        ResponseView response = exchange.answer();
        RequestHead asked = exchange.client().head();
        response.received(asked.fields().lists(KnownField.TE, "trailers"), false);
        call.responded(response);
        List<BodyFilter> filters = phases.responseHead() ? phases.bodyFilters() : null;
        if (filters == null) {
            client.fail(ProxyFailure.UNEXPECTED);
            return false;
        }
        body.start(head.bodyLength());
        boolean http11 = asked.minorVersion() == 1;
        boolean bodyless = asked.methodIs("HEAD") || isBodyless(head.status()) || isBodyless(response.status());
        Framing framing = framing(head, http11, bodyless, !filters.isEmpty());
        boolean chunkedHead = asked.methodIs("HEAD")
                && http11
                && head.fields().has(KnownField.TRANSFER_ENCODING)
                && filters.isEmpty();
        boolean chunked = framing == Framing.CHUNKS_KEPT || framing == Framing.CHUNKS_NEW || chunkedHead;
        boolean lengthKnown = bodyless || chunked || head.bodyLength() >= 0 && filters.isEmpty();
        if (!filters.isEmpty() || response.statusChanged()) {
            frameAnew(response, head, filters, asked.methodIs("HEAD"));
        }
        client.responseBegins(lengthKnown && call.requestSent());
        ByteWriter out = loop.writer();
        HeadRenderer.response(out, exchange, context, date, chunked, client.keepsAlive());
        writer.start(loop.clientOut(), framing, bodyless ? List.of() : filters);
        headSent = prepended(out, in);
        if (headSent) {
            return true;
        }
        loop.clientOut().put(out);
        if (body.done() && !filters.isEmpty() && !bodyless) {
            writer.end(new HeadFields()); // an empty body has an end for the filters too
            exchange.answer().content(writer.written());
        }
        return true;
    }

    private static boolean isBodyless(int status) {
        return status == 204 || status == 304;
    }

    /** Plugins have changed what the length depends on. */
    private static void frameAnew(
            ResponseView response, ResponseHead head, List<BodyFilter> filters, boolean headRequest) {
        boolean bodyAdded = isBodyless(head.status()) && !isBodyless(response.status());
        if (!filters.isEmpty() || bodyAdded || response.status() == 204) {
            response.edits().drop(KnownField.CONTENT_LENGTH);
        }
        if (bodyAdded && !headRequest) {
            response.edits().addFraming(KnownField.CONTENT_LENGTH, "0");
        }
    }

    private static Framing framing(ResponseHead head, boolean http11, boolean bodyless, boolean filtered) {
        if (bodyless) {
            return Framing.NONE;
        }
        if (head.bodyLength() >= 0 && !filtered || !http11) {
            return Framing.PLAIN;
        }
        return head.bodyLength() == ResponseHead.CHUNKED && !filtered ? Framing.CHUNKS_KEPT : Framing.CHUNKS_NEW;
    }

    /** The connection has ended in order; gives whether that completes the response. */
    boolean ended() {
        boolean whole = false;
        try {
            whole = body.close(writer);
        } catch (GuardedFilter.FailedException e) {
            // reported; what the client got is not whole
        }
        exchange.answer().content(writer.written());
        return whole;
    }
}
