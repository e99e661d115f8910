package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http2.ErrorCode;
import io.sluice.node.http2.Frames;
import io.sluice.node.http2.RequestText;
import io.sluice.node.http2.TrailerText;
import io.sluice.node.plugin.Verdict;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on an HTTP/2 connection, as a client that speaks HTTP/1.1: its {@link RequestCycle} reads a head
 * and a body and writes a response, and does not know that frames carry them. Used again for another stream when both are
 * complete.
 *
 * <p>Windows: content the gateway cannot use yet waits in the inbox, and the client gets its window back when it is used. Content
 * the client cannot take yet waits here; while any does, nothing more is read from the upstream.
 */
final class Http2Stream implements ClientPort {

    static final int TIMER = 1 << 16;

    private final Http2Connection connection;
    private final EventLoop loop;
    private final Http2Buffers buffers;
    private final RequestCycle cycle;
    private final Http2Output output;
    private final Inbox inbox = new Inbox();
    private int id;
    private int receiveWindow;
    private int unused;
    private int credit;
    private long bodyLeft;
    private boolean requestEnded;
    private boolean closed;
    private int signalled;
    private int accounted;

    Http2Stream(Http2Connection connection, ProxyContext context, LoopState loopState, Http2Buffers buffers) {
        this.connection = connection;
        this.loop = loopState.loop();
        this.buffers = buffers;
        this.cycle = new RequestCycle(this, context, connection.peer(), loopState);
        this.output = new Http2Output(connection, buffers, loop);
    }

    int id() {
        return id;
    }

    boolean closed() {
        return closed;
    }

    /** Begins another stream. */
    void begin(int newId, int newSendWindow) {
        id = newId;
        receiveWindow = Http2Connection.STREAM_WINDOW;
        unused = 0;
        credit = 0;
        requestEnded = false;
        closed = false;
        signalled = 0;
        output.begin(newId, newSendWindow);
    }

    // ---- the request

    /**
     * The request's fields are complete.
     *
     * @param good whether they make a request
     */
    void request(RequestText request, boolean good, boolean end) {
        enter();
        requestEnded = end || !good;
        bodyLeft = request.length();
        output.answers(request.isHead(), request.isGrpc());
        if (!good) {
            cycle.refuseMalformed(request.line());
            settle();
            fail(ErrorCode.PROTOCOL_ERROR);
            return;
        }
        take(ByteBuffer.wrap(request.text().array(), 0, request.text().length()));
        settle();
    }

    /** The request is that of an upgrade: whole, without a body. */
    void upgraded(Http2Upgrade upgrade) {
        enter();
        requestEnded = true;
        bodyLeft = 0;
        output.answers(upgrade.toHead(), false);
        take(ByteBuffer.wrap(upgrade.head()));
        settle();
    }

    /** A DATA frame begins that counts so much; gives false if the client may not send it. */
    boolean dataBegins(int length) {
        if (requestEnded) {
            abandon();
            fail(ErrorCode.STREAM_CLOSED);
            return false;
        }
        receiveWindow -= length;
        unused += length;
        if (receiveWindow < 0) {
            abandon();
            fail(ErrorCode.FLOW_CONTROL_ERROR);
            return false;
        }
        return true;
    }

    /** A piece of the body; false if it is more than was announced. */
    boolean data(ByteBuffer piece) {
        enter();
        if (bodyLeft == RequestText.UNKNOWN) {
            ByteWriter chunk = buffers.chunk();
            chunk.clear();
            chunk.putHex(piece.remaining());
            chunk.crlf();
            chunk.put(piece);
            chunk.crlf();
            take(ByteBuffer.wrap(chunk.array(), 0, chunk.length()));
        } else if (piece.remaining() > bodyLeft) {
            malformed();
            return false;
        } else {
            bodyLeft -= piece.remaining();
            take(piece);
        }
        settle();
        return true;
    }

    /** The client has sent all, maybe with trailers; false if that is not what it announced, or it said so before. */
    boolean end(@Nullable TrailerText trailers) {
        if (requestEnded) {
            return false;
        }
        requestEnded = true;
        if (bodyLeft > 0) {
            malformed();
            return false;
        }
        enter();
        if (bodyLeft == RequestText.UNKNOWN) {
            TrailerText last = trailers;
            if (last == null) {
                last = buffers.trailers();
                last.begin();
                last.end();
            }
            take(ByteBuffer.wrap(last.text().array(), 0, last.text().length()));
        }
        settle();
        return true;
    }

    /** What came is not what was announced: nobody can say what was meant. */
    void malformed() {
        abandon();
        fail(ErrorCode.PROTOCOL_ERROR);
    }

    private void take(ByteBuffer bytes) {
        if (inbox.isEmpty()) {
            cycle.run(bytes);
            if (!cycle.closing()) {
                inbox.add(bytes);
            }
        } else {
            inbox.add(bytes);
            process();
        }
    }

    private void process() {
        ByteBuffer waiting = inbox.bytes();
        if (waiting != null) {
            cycle.run(waiting);
            inbox.trim();
        }
    }

    /** The client wants no answer any more, or is gone. */
    void abandon() {
        enter();
        cycle.clientGone();
        cycle.call().flush();
        closed = true;
    }

    /** Ends the stream with a word why. */
    void fail(ErrorCode code) {
        if (id != 0) {
            Frames.reset(buffers.frames(), id, code);
        }
        closed = true;
    }

    /** The connection ends. */
    void stop() {
        closed = true;
        cycle.end();
    }

    // ---- entries from outside the connection

    @Override
    public void upstreamReady(int operations) {
        signal(operations);
    }

    @Override
    public void deadlinePassed() {
        signal(TIMER);
    }

    private void signal(int what) {
        if (signalled == 0) {
            connection.signalled(this);
        }
        signalled |= what;
    }

    @Override
    public void resumeLater(int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        connection.resumeLater(this, parking, verdict, failure);
    }

    void onSignal() {
        int what = signalled;
        signalled = 0;
        if (closed || what == 0) {
            return;
        }
        enter();
        int operations = what & 0xFFFF;
        if (operations != 0) {
            cycle.call().onReady(operations);
        }
        if ((what & TIMER) != 0 && operations == 0) {
            cycle.onDeadline();
        }
        process();
        settle();
    }

    void onResumption(int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        enter();
        cycle.decision().resume(parking, verdict, failure);
        if (!closed) {
            process();
            settle();
        }
    }

    void cutOff() {
        enter();
        cycle.cutOff();
        settle();
    }

    // ---- the response

    private void enter() {
        loop.clientOut().clear();
        loop.upstreamOut().clear();
        accounted = 0;
    }

    @Override
    public void account() {
        int gathered = loop.clientOut().length();
        cycle.exchange().answer().sent(gathered - accounted);
        accounted = gathered;
    }

    private void settle() {
        if (!loop.clientOut().isEmpty() && !closed) {
            account();
            translate(loop.clientOut().flip());
        }
        loop.clientOut().clear();
        cycle.call().flush();
        if (closed) {
            return;
        }
        if (output.endSent() && !cycle.draining()) {
            if (!requestEnded && bodyLeft != 0) {
                Frames.reset(buffers.frames(), id, ErrorCode.NO_ERROR); // the rest of the body is not wanted
            }
            closed = true;
        } else if (cycle.closing() && !output.ended()) {
            fail(ErrorCode.INTERNAL_ERROR);
        } else {
            giveBack();
            cycle.setDeadline();
        }
    }

    private void translate(ByteBuffer bytes) {
        if (!output.take(bytes)) {
            cycle.clientGone();
            fail(ErrorCode.INTERNAL_ERROR);
        }
    }

    @Override
    public void push(ByteBuffer bytes) {
        if (loop.clientOut().isEmpty() && !closed) {
            cycle.exchange().answer().sent(bytes.remaining());
            translate(bytes);
        } else {
            loop.clientOut().put(bytes);
        }
    }

    /** The client can take more, in the whole or on this stream: sends what waits and reads on. */
    void sendOn() {
        if (closed || !output.sendOn()) {
            return;
        }
        enter();
        if (output.resumes()) {
            cycle.call().resumeReading();
        }
        settle();
    }

    @Override
    public boolean clientReady() {
        return output.ready();
    }

    Http2Output output() {
        return output;
    }

    /** Gives the client its windows back for what was used. */
    private void giveBack() {
        if (unused == 0 || !inbox.isEmpty()) {
            return;
        }
        connection.used(unused);
        credit += unused;
        unused = 0;
        if (!requestEnded && credit >= Http2Connection.STREAM_WINDOW / 2) {
            Frames.windowUpdate(buffers.frames(), id, credit);
            receiveWindow += credit;
            credit = 0;
        }
    }

    /** What of the connection's window the closed stream still has. */
    int forgetUnused() {
        int n = unused;
        unused = 0;
        return n;
    }

    /** Whether another stream can use this object; if not, it is of no more use. */
    boolean reusable() {
        boolean good = cycle.awaitsHead() && inbox.isEmpty();
        cycle.end();
        return good;
    }

    @Override
    public boolean inboxEmpty() {
        return inbox.isEmpty();
    }

    /** Never: after a whole request another one may come, on another stream. */
    @Override
    public boolean inputEnded() {
        return false;
    }

    @Override
    public boolean inputExhausted() {
        return false;
    }

    @Override
    public BodyBudget bodies() {
        return connection.bodies();
    }

    @Override
    public void finish() {
        closed = true;
    }

    @Override
    public void reset() {
        fail(ErrorCode.INTERNAL_ERROR);
    }
}
