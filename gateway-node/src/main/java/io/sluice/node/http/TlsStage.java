package io.sluice.node.http;

import io.sluice.node.tls.CertificateRequests;
import io.sluice.node.tls.ServerTls;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS between a client's socket and the proxy: the proxy's stage sees the same kind of elements as without it.
 *
 * <p>Nothing is asked of the proxy before the handshake is complete, and nothing more is read from a client for which records
 * wait to be sent. The handshake has a deadline, however many bytes arrive until then. A client that begins with plain HTTP
 * gets its bytes through as they are: the proxy tells it what is wrong.
 *
 * <p>Ends: the client's close_notify or half-close completes the input, and the answer under way is still sent (TLS 1.3; before
 * that, the client's close_notify ends both directions). The proxy's end is told by a close_notify, its failure is not: a
 * truncated answer must not look whole.
 */
public final class TlsStage extends GraphStage<BidiShape<ByteBuffer, ByteBuffer, ByteBuffer, ByteBuffer>> {

    private static final Logger LOG = LoggerFactory.getLogger(TlsStage.class);

    /** What a listener speaks over TLS, the preferred first. */
    private static final List<String> PROTOCOLS = List.of("http/1.1", "http/1.0");

    private static final List<String> WITH_HTTP2 = List.of("h2", "http/1.1", "http/1.0");

    private static final byte HANDSHAKE = 22;

    private final Inlet<ByteBuffer> cipherIn = Inlet.create("tls.cipherIn");
    private final Outlet<ByteBuffer> plainOut = Outlet.create("tls.plainOut");
    private final Inlet<ByteBuffer> plainIn = Inlet.create("tls.plainIn");
    private final Outlet<ByteBuffer> cipherOut = Outlet.create("tls.cipherOut");
    private final BidiShape<ByteBuffer, ByteBuffer, ByteBuffer, ByteBuffer> shape =
            new BidiShape<>(plainIn, cipherOut, cipherIn, plainOut);
    private final ServerTls tls;
    private final TlsSession session;
    private final long handshakeMillis;
    private final boolean http2;

    /**
     * @param session filled by the handshake
     * @param handshakeMillis most time from the connection's beginning to the end of the handshake
     * @param http2 whether HTTP/2 is offered
     */
    public TlsStage(ServerTls tls, TlsSession session, long handshakeMillis, boolean http2) {
        this.tls = tls;
        this.session = session;
        this.handshakeMillis = handshakeMillis;
        this.http2 = http2;
    }

    @Override
    public BidiShape<ByteBuffer, ByteBuffer, ByteBuffer, ByteBuffer> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private enum Phase {
        FIRST_BYTE,
        HELLO,
        HANDSHAKE,
        OPEN,
        PLAIN_TEXT,
        ENDED
    }

    private final class Logic extends GraphStageLogic {
        private final EventLoop loop = EventLoop.current();
        private final TlsBuffers buffers = loop.tls();
        private TlsChannel channel = new TlsChannel(tls.engine(http2 ? WITH_HTTP2 : PROTOCOLS, session::asks), buffers);
        private @Nullable ByteWriter hello;
        private boolean asking;
        private final TimerWheel.Deadline deadline = new TimerWheel.Deadline(this::signalDeadline);
        private volatile @Nullable AsyncCallback<Boolean> signals; // asked by handshake threads, too
        private @Nullable ByteWriter waiting;
        private Phase phase = Phase.FIRST_BYTE;

        Logic() {
            super(shape);
            setHandler(cipherIn, new FromClient());
            setHandler(plainOut, new ToProxy());
            setHandler(plainIn, new FromProxy());
            setHandler(cipherOut, new ToClient());
        }

        private final class FromClient extends AbstractInHandler {
            @Override
            public void onPush() {
                received(grab(cipherIn));
            }

            @Override
            public void onUpstreamFinish() {
                if (phase == Phase.OPEN || phase == Phase.PLAIN_TEXT) {
                    complete(plainOut);
                } else if (phase != Phase.ENDED) {
                    completeStage();
                }
            }
        }

        private final class ToProxy extends AbstractOutHandler {
            @Override
            public void onPull() {
                readOn();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                cancel(cipherIn); // what is sent decides when the connection ends
            }
        }

        private final class FromProxy extends AbstractInHandler {
            @Override
            public void onPush() {
                fromProxy(grab(plainIn));
            }

            @Override
            public void onUpstreamFinish() {
                proxyEnded();
            }
        }

        private final class ToClient extends AbstractOutHandler {
            @Override
            public void onPull() {
                writeOn();
            }
        }

        @Override
        public void preStart() {
            signals = createAsyncCallback(this::onSignal);
            loop.timers().set(deadline, loop.now(), handshakeMillis);
        }

        @Override
        public void postStop() {
            signals = null;
            loop.timers().remove(deadline);
            channel.abandon();
        }

        // ---- entries from outside the stream

        private void signalDeadline() {
            signal(false);
        }

        private void signal(boolean tasksDone) {
            AsyncCallback<Boolean> entry = signals;
            if (entry != null) {
                entry.invoke(tasksDone);
            }
        }

        private void onSignal(boolean tasksDone) {
            if (!tasksDone) {
                if (phase == Phase.FIRST_BYTE || phase == Phase.HELLO || phase == Phase.HANDSHAKE) {
                    LOG.debug("a TLS handshake took too long");
                    completeStage();
                }
                return;
            }
            if (phase != Phase.HANDSHAKE) {
                return;
            }
            ByteBuffer plain = buffers.plain();
            buffers.clientOut().clear();
            try {
                channel.tasksDone(plain, buffers.clientOut());
                advanced(plain);
            } catch (SSLException e) {
                refuse(e);
            }
        }

        // ---- from the client

        private void received(ByteBuffer bytes) {
            if (phase == Phase.FIRST_BYTE && bytes.hasRemaining()) {
                phase = bytes.get(bytes.position()) == HANDSHAKE ? begun() : first(bytes);
            }
            if (phase == Phase.HELLO) {
                ByteBuffer whole = hello(bytes);
                if (whole == null) {
                    readOn();
                    return;
                }
                ask(whole);
                phase = Phase.HANDSHAKE;
                decrypt(whole);
                return;
            }
            if (phase == Phase.PLAIN_TEXT) {
                push(plainOut, bytes);
                return;
            }
            if (phase != Phase.ENDED) {
                decrypt(bytes);
            }
        }

        /** Where some clients are asked for a certificate, the first record must be whole to tell who is. */
        private Phase begun() {
            return tls.requests().isEmpty() ? Phase.HANDSHAKE : Phase.HELLO;
        }

        /** Everything received so far once the first record is whole, else null. */
        private @Nullable ByteBuffer hello(ByteBuffer bytes) {
            ByteWriter kept = hello;
            ByteBuffer all = bytes;
            if (kept != null) {
                kept.put(bytes);
                all = ByteBuffer.wrap(kept.array(), 0, kept.length());
            }
            int length = ClientHello.recordLength(all);
            if (length > 0 && (length <= all.remaining() || length > TlsBuffers.RECORD_BYTES)) {
                hello = null;
                return all;
            }
            if (kept == null) {
                kept = new ByteWriter(Math.max(512, bytes.remaining()));
                kept.put(bytes);
                hello = kept;
            }
            return null;
        }

        private void ask(ByteBuffer first) {
            String name = ClientHello.serverName(first);
            CertificateRequests requests = tls.requests();
            CertificateRequests.Request request = name == null ? requests.unnamed() : requests.find(name);
            if (request != null) {
                asking = true;
                channel = new TlsChannel(tls.engine(http2 ? WITH_HTTP2 : PROTOCOLS, session::asks, request), buffers);
            }
        }

        private void decrypt(ByteBuffer bytes) {
            ByteBuffer plain = buffers.plain();
            buffers.clientOut().clear();
            try {
                channel.received(bytes, plain, buffers.clientOut());
                advanced(plain);
            } catch (SSLException e) {
                refuse(e);
            }
        }

        /** A letter begins a method: then the client does not know that TLS is spoken here. */
        private Phase first(ByteBuffer bytes) {
            byte letter = bytes.get(bytes.position());
            if (letter < 'A' || letter > 'Z') {
                return Phase.HANDSHAKE; // refused by the engine
            }
            loop.timers().clear(deadline);
            session.plainText();
            if (isAvailable(cipherOut)) {
                pull(plainIn);
            }
            return Phase.PLAIN_TEXT;
        }

        private void advanced(ByteBuffer plain) {
            if (channel.wantsTasks()) {
                loop.handshakes().run(channel, this::signalTasksDone);
            }
            boolean opened = phase == Phase.HANDSHAKE && channel.established();
            if (opened) {
                phase = Phase.OPEN;
                loop.timers().clear(deadline);
                session.established(channel.session(), asking, channel.protocol());
            }
            sendRecords();
            if (plain.position() > 0) {
                push(plainOut, plain.flip());
            }
            if (channel.inputEnded()) {
                inputEnded();
            } else if (opened) {
                writeOn();
            }
            readOn();
        }

        private void signalTasksDone() {
            signal(true);
        }

        private void inputEnded() {
            if (phase != Phase.OPEN) {
                completeStage();
                return;
            }
            complete(plainOut);
            if (channel.outputEnded()) {
                endOutput();
            } else {
                writeOn();
            }
        }

        /** Asks for more of the client's bytes if they can be used. */
        private void readOn() {
            boolean wanted = isAvailable(plainOut) && waiting == null && !channel.wantsTasks() && phase != Phase.ENDED;
            if (wanted && !isClosed(cipherIn) && !hasBeenPulled(cipherIn)) {
                pull(cipherIn);
            }
        }

        /** The client breaks the rules: it is told which if that can be told, and the connection ends. */
        private void refuse(SSLException cause) {
            LOG.atDebug().addKeyValue("reason", cause.getMessage()).log("a TLS connection was refused");
            boolean known = phase == Phase.OPEN;
            channel.fail(buffers.clientOut());
            if (known) {
                fail(plainOut, ConnectionLostException.INSTANCE);
            }
            sendRecords();
            endOutput();
        }

        // ---- to the client

        private void fromProxy(ByteBuffer bytes) {
            if (phase == Phase.PLAIN_TEXT) {
                push(cipherOut, bytes);
                return;
            }
            if (phase != Phase.OPEN) {
                return;
            }
            buffers.clientOut().clear();
            try {
                boolean sent = channel.send(bytes, buffers.clientOut());
                sendRecords();
                if (!sent) {
                    endOutput();
                }
            } catch (SSLException e) {
                refuse(e);
            }
        }

        private void proxyEnded() {
            if (phase == Phase.OPEN) {
                buffers.clientOut().clear();
                channel.end(buffers.clientOut());
                sendRecords();
            }
            endOutput();
        }

        /** Sends what was gathered, or keeps it until the socket takes more. */
        private void sendRecords() {
            OutBuffer out = buffers.clientOut();
            if (out.isEmpty() || isClosed(cipherOut)) {
                return;
            }
            if (waiting == null && isAvailable(cipherOut)) {
                push(cipherOut, out.flip());
            } else {
                ByteWriter kept = waiting == null ? new ByteWriter(out.length()) : waiting;
                out.copyFrom(0, kept);
                waiting = kept;
            }
        }

        /** The socket takes more, or the proxy may say more. */
        private void writeOn() {
            ByteWriter kept = waiting;
            if (kept != null && isAvailable(cipherOut)) {
                waiting = null;
                push(cipherOut, ByteBuffer.wrap(kept.array(), 0, kept.length()));
                if (phase == Phase.ENDED) {
                    complete(cipherOut);
                }
                readOn();
            } else if (isAvailable(cipherOut) && !isClosed(plainIn) && !hasBeenPulled(plainIn)) {
                if (phase == Phase.OPEN || phase == Phase.PLAIN_TEXT) {
                    pull(plainIn);
                }
            }
        }

        /** Nothing more is sent but what waits. */
        private void endOutput() {
            phase = Phase.ENDED;
            if (!isClosed(plainIn)) {
                cancel(plainIn);
            }
            if (!isClosed(plainOut)) {
                complete(plainOut);
            }
            if (waiting == null) {
                complete(cipherOut);
            }
            if (!isClosed(cipherIn)) {
                cancel(cipherIn);
            }
        }
    }
}
