package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.ConnectionLostException;
import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import io.sluice.node.http.TlsSession;
import io.sluice.node.http2.Frames;
import io.sluice.node.plugin.Verdict;
import java.nio.ByteBuffer;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of the proxy: takes bytes from the stream to the {@link RequestCycle} and gathers what goes back.
 *
 * <p>Every handler begins with {@link #enter}: from there to its end the loop's gathering buffers are this connection's. It
 * ends with {@link #settle}: what was gathered goes out in one piece, more input is asked for if it can be used, the deadline
 * is set. What a slow client cannot take yet is copied, and nothing more is read for it from the upstream.
 */
final class ProxyConnection extends GraphStageLogic implements ClientPort {

    private static final int TIMER = 1 << 16;
    private static final int NUDGE = 1 << 17;
    private static final int CUT_OFF = 1 << 18;
    private static final int STREAMS = 1 << 19;
    private static final int BACKLOG = 64 * 1024;

    private record Resumption(
            @Nullable Http2Stream stream,
            int parking,
            @Nullable Verdict verdict,
            @Nullable Throwable failure) {}

    private final Inlet<ByteBuffer> in;
    private final Outlet<ByteBuffer> out;
    private final ProxyContext context;
    private final ConnectionPeer peer;
    private final LoopState loopState;
    private final EventLoop loop;
    private final RequestCycle cycle;
    private final Inbox inbox = new Inbox();
    private final BodyBudget bodies = new BodyBudget();
    private @Nullable Http2Connection http2;
    private @Nullable AsyncCallback<Integer> signals;
    private @Nullable AsyncCallback<Resumption> resumptions;
    private @Nullable ByteWriter stalled;
    private int signalled;
    private int accounted;
    private boolean inputEnded;
    private boolean lastSent;

    /** @param spoken what the client may speak: its first bytes, or its TLS, tell */
    ProxyConnection(
            FlowShape<ByteBuffer, ByteBuffer> shape,
            ProxyContext context,
            ConnectionPeer peer,
            LoopState loopState,
            Spoken spoken) {
        super(shape);
        this.in = shape.in();
        this.out = shape.out();
        this.context = context;
        this.peer = peer;
        this.loopState = loopState;
        this.loop = loopState.loop();
        this.cycle = new RequestCycle(this, context, peer, loopState);
        setHandler(in, spoken == Spoken.HTTP1 ? new ClientInput() : new FirstBytes(spoken));
        setHandler(out, new ClientOutput());
    }

    private class ClientInput extends AbstractInHandler {
        @Override
        public void onPush() {
            enter();
            take(grab(in));
            settle();
        }

        @Override
        public void onUpstreamFinish() {
            enter();
            inputEnded = true;
            cycle.clientEnded();
            settle();
        }

        @Override
        public void onUpstreamFailure(Throwable cause) {
            enter();
            cycle.clientGone();
        }
    }

    /** Finds out what the client speaks; from then on another handler serves. */
    private final class FirstBytes extends ClientInput {
        private final Spoken spoken;
        private @Nullable Http2Upgrade upgrade;

        FirstBytes(Spoken spoken) {
            this.spoken = spoken;
        }

        @Override
        public void onPush() {
            ByteBuffer bytes = grab(in);
            TlsSession session = peer.session();
            if (session != null && !session.isPlainText()) {
                decided(session.protocol().equals("h2"), bytes);
                return;
            }
            boolean first = inbox.isEmpty();
            if (!first) {
                inbox.add(bytes);
            }
            ByteBuffer all = first ? bytes : inbox.bytes();
            int preface = all == null ? 0 : Frames.beginsWithPreface(all);
            if (preface == 0) {
                inbox.add(bytes);
                pull(in);
            } else {
                boolean asked = first && session == null && spoken == Spoken.HTTP2_BY_UPGRADE;
                upgrade = asked && preface < 0 ? Http2Upgrade.find(bytes, context.headLimits()) : null;
                decided(preface > 0 && session == null || upgrade != null, bytes);
            }
        }

        private void decided(boolean speaksHttp2, ByteBuffer bytes) {
            if (speaksHttp2) {
                cycle.end();
                Http2Connection connection = new Http2Connection(ProxyConnection.this, context, peer, loopState);
                http2 = connection;
                setHandler(in, new Http2Input(connection));
                setHandler(out, new Http2Writes(connection));
                ByteBuffer waiting = inbox.bytes();
                connection.begin(upgrade, waiting == null ? bytes : waiting);
                inbox.trim();
                return;
            }
            setHandler(in, new ClientInput());
            enter();
            if (bytes.hasRemaining()) {
                take(bytes);
            } else {
                process();
            }
            settle();
        }
    }

    private final class Http2Input extends AbstractInHandler {
        private final Http2Connection connection;

        Http2Input(Http2Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onPush() {
            connection.received(grab(in));
        }

        @Override
        public void onUpstreamFinish() {
            connection.clientGone();
        }

        @Override
        public void onUpstreamFailure(Throwable cause) {
            connection.clientGone();
        }
    }

    private final class Http2Writes extends AbstractOutHandler {
        private final Http2Connection connection;

        Http2Writes(Http2Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onPull() {
            ByteWriter waiting = stalled;
            if (waiting != null) {
                stalled = null;
                push(out, ByteBuffer.wrap(waiting.array(), 0, waiting.length()));
                if (lastSent) {
                    completeStage();
                    return;
                }
            }
            connection.writable();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            connection.clientGone();
        }
    }

    private final class ClientOutput extends AbstractOutHandler {
        @Override
        public void onPull() {
            enter();
            ByteWriter waiting = stalled;
            if (waiting != null) {
                stalled = null;
                push(out, ByteBuffer.wrap(waiting.array(), 0, waiting.length()));
            } else {
                cycle.call().resumeReading();
            }
            settle();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            enter();
            cycle.clientGone();
        }
    }

    @Override
    public void preStart() {
        signals = createAsyncCallback(this::onSignal);
        resumptions = createAsyncCallback(this::onResumption);
        loopState.opened(this);
        cycle.begin();
        pull(in);
    }

    /** Must leave the gathering buffers alone: what was pushed last may not have been sent yet. */
    @Override
    public void postStop() {
        signals = null;
        loopState.closed(this);
        cycle.end();
        Http2Connection connection = http2;
        if (connection != null) {
            connection.end();
        }
    }

    // ---- entries from outside the stream

    private void signal(int what) {
        AsyncCallback<Integer> entry = signals;
        if (signalled == 0 && entry != null) {
            signalled = what;
            entry.invoke(0);
        } else {
            signalled |= what;
        }
    }

    @Override
    public void upstreamReady(int operations) {
        signal(operations);
    }

    @Override
    public void deadlinePassed() {
        signal(TIMER);
    }

    /** Streams have something to do. */
    void streamsSignalled() {
        signal(STREAMS);
    }

    /** The drain has begun. */
    void nudge() {
        signal(NUDGE);
    }

    /** The time to stop is over. */
    void cutOff() {
        signal(CUT_OFF);
    }

    @Override
    public void resumeLater(int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        resumeLater(null, parking, verdict, failure);
    }

    /** The same for a stream of the connection. */
    void resumeLater(
            @Nullable Http2Stream stream, int parking, @Nullable Verdict verdict, @Nullable Throwable failure) {
        AsyncCallback<Resumption> entry = resumptions;
        if (entry != null) {
            entry.invoke(new Resumption(stream, parking, verdict, failure));
        }
    }

    private void onSignal(Integer ignored) {
        int what = signalled;
        signalled = 0;
        Http2Connection connection = http2;
        if (connection != null) {
            onSignal(connection, what);
            return;
        }
        enter();
        int operations = what & 0xFFFF;
        if (operations != 0) {
            cycle.call().onReady(operations);
        }
        if ((what & TIMER) != 0 && (operations == 0 || cycle.awaitsHead())) {
            cycle.onDeadline(); // with news from the upstream, the deadline is set anew
        }
        if ((what & NUDGE) != 0) {
            cycle.drainBegun();
        }
        if ((what & CUT_OFF) != 0) {
            cycle.cutOff();
        }
        process();
        settle();
    }

    private static void onSignal(Http2Connection connection, int what) {
        connection.enter();
        if ((what & STREAMS) != 0) {
            connection.onStreamSignals();
        }
        if ((what & TIMER) != 0) {
            connection.onDeadline();
        }
        if ((what & NUDGE) != 0) {
            connection.drainBegun();
        }
        if ((what & CUT_OFF) != 0) {
            connection.cutOff();
        }
        connection.settle();
    }

    private void onResumption(Resumption resumption) {
        Http2Connection connection = http2;
        Http2Stream stream = resumption.stream();
        if (connection != null && stream != null) {
            connection.onResumption(stream, resumption.parking(), resumption.verdict(), resumption.failure());
            return;
        }
        enter();
        cycle.decision().resume(resumption.parking(), resumption.verdict(), resumption.failure());
        process();
        settle();
    }

    // ---- input

    private void take(ByteBuffer bytes) {
        if (inbox.isEmpty()) {
            cycle.run(bytes);
            if (!cycle.closing()) {
                inbox.add(bytes);
            }
            return;
        }
        boolean useful = !cycle.awaitsHead() || Inbox.hasLineFeed(bytes);
        inbox.add(bytes);
        if (useful || inbox.size() > context.headLimits().startLine()) {
            process();
        }
    }

    /** Goes on with bytes that wait. */
    private void process() {
        ByteBuffer waiting = inbox.bytes();
        if (waiting != null) {
            cycle.run(waiting);
            inbox.trim();
        }
        if (inputEnded && inbox.isEmpty()) {
            cycle.noMoreInput();
        }
    }

    @Override
    public boolean inboxEmpty() {
        return inbox.isEmpty();
    }

    @Override
    public boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public boolean inputExhausted() {
        return inputEnded && inbox.isEmpty();
    }

    // ---- output

    @Override
    public boolean clientReady() {
        return stalled == null && isAvailable(out);
    }

    @Override
    public void push(ByteBuffer bytes) {
        if (loop.clientOut().isEmpty() && clientReady()) {
            cycle.exchange().answer().sent(bytes.remaining());
            push(out, bytes);
        } else {
            loop.clientOut().put(bytes);
        }
    }

    /** Bytes that the socket has not taken. */
    int backlog() {
        ByteWriter waiting = stalled;
        return waiting == null ? 0 : waiting.length();
    }

    /** Sends frames and reads on; {@code last} if the connection ends with them. */
    void send(ByteWriter frames, boolean last) {
        if (frames.length() > 0 && !isClosed(out)) {
            ByteWriter waiting = stalled;
            if (waiting == null && isAvailable(out)) {
                push(out, ByteBuffer.wrap(frames.array(), 0, frames.length()));
            } else {
                waiting = waiting == null ? new ByteWriter(frames.length()) : waiting;
                waiting.put(frames.array(), 0, frames.length());
                stalled = waiting;
            }
        }
        lastSent |= last;
        if (lastSent) {
            if (stalled == null || isClosed(out)) {
                completeStage();
            }
        } else if (backlog() < BACKLOG && !isClosed(in) && !hasBeenPulled(in)) {
            pull(in);
        }
    }

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
        if (!loop.clientOut().isEmpty() && !isClosed(out)) {
            account();
            if (clientReady()) {
                push(out, loop.clientOut().flip());
            } else {
                ByteWriter waiting =
                        stalled == null ? new ByteWriter(loop.clientOut().length()) : stalled;
                loop.clientOut().copyFrom(0, waiting);
                stalled = waiting;
            }
        }
        cycle.call().flush();
        if (cycle.closing() && (stalled == null || isClosed(out))) {
            completeStage();
            return;
        }
        boolean keepsUp = stalled == null || !cycle.awaitsHead(); // answers nobody reads must not pile up
        if (keepsUp && !isClosed(in) && !hasBeenPulled(in) && cycle.wantsInput()) {
            pull(in);
        }
        cycle.setDeadline();
    }

    @Override
    public BodyBudget bodies() {
        return bodies;
    }

    @Override
    public void finish() {
        completeStage();
    }

    @Override
    public void reset() {
        failStage(ConnectionLostException.INSTANCE);
    }
}
