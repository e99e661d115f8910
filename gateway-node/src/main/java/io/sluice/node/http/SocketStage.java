package io.sluice.node.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * An accepted TCP connection as a flow: bytes to send come in, received bytes go out. Run it on the dispatcher of an
 * {@link EventLoop}.
 *
 * <p>Why not Pekko's TCP: its socket actors run on other threads and re-arm the selector for every read, which costs two
 * hand-overs and a wake-up per message. Here reads happen on demand on the loop that is the stream's own thread; interest in
 * reading stays on while there is demand, and is switched off only when bytes arrive without demand.
 *
 * <p>Elements are the loop's buffers and valid only until the receiving handler returns: whoever needs bytes longer copies
 * them. This stage copies what the socket does not take at once, and asks for more only when that is gone.
 *
 * <p>End of input: the peer's half-close completes the outlet, and sending goes on. Completion of the inlet flushes, closes
 * the sending side, and reads on while the peer still sends, for ten seconds at most, so that a last answer is not destroyed by
 * a reset (RFC 9112 section 9.6).
 * Failure of the inlet resets the connection: the peer must not take what it got for complete.
 */
public final class SocketStage extends GraphStage<FlowShape<ByteBuffer, ByteBuffer>> {

    private static final int LINGER_MILLIS = 2_000;
    private static final long LINGER_NANOS = 10_000_000_000L;
    private static final int FIRED = 1 << 16;
    private static final byte[] NOTHING = {};

    private final Inlet<ByteBuffer> in = Inlet.create("socket.in");
    private final Outlet<ByteBuffer> out = Outlet.create("socket.out");
    private final FlowShape<ByteBuffer, ByteBuffer> shape = FlowShape.of(in, out);
    private final SocketChannel channel;
    private final long sendTimeoutMillis;
    private final byte[] begun;

    /** A connection of which nothing has been read. */
    public SocketStage(SocketChannel channel, long sendTimeoutMillis) {
        this(channel, sendTimeoutMillis, NOTHING);
    }

    /**
     * @param channel connected and non-blocking; closed by this stage
     * @param sendTimeoutMillis how long the peer may take nothing of what is sent before it is given up
     * @param begun what was read of it already
     */
    SocketStage(SocketChannel channel, long sendTimeoutMillis, byte[] begun) {
        this.channel = channel;
        this.sendTimeoutMillis = sendTimeoutMillis;
        this.begun = begun;
    }

    @Override
    public FlowShape<ByteBuffer, ByteBuffer> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic implements EventLoop.ReadyHandler {
        private final EventLoop loop = EventLoop.current();
        private final TimerWheel.Deadline deadline = new TimerWheel.Deadline(() -> ready(FIRED));
        private @Nullable AsyncCallback<Integer> callback;
        private @Nullable SelectionKey key;
        private byte @Nullable [] unsent;
        private int unsentFrom;
        private int unsentTo;
        private int signalled;
        private boolean lingering;
        private boolean inputEnded;
        private boolean resumed = begun.length == 0;
        private long lingerUntil;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    send(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    if (unsent == null) {
                        linger();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable cause) {
                    reset();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (resumed) {
                        interest(SelectionKey.OP_READ, true);
                    } else {
                        readBegun();
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    interest(SelectionKey.OP_READ, false); // what is sent decides when the connection ends
                }
            });
        }

        @Override
        public void preStart() {
            setKeepGoing(true);
            loop.counters().opened();
            callback = createAsyncCallback(this::onReady);
            try {
                key = loop.register(channel, SelectionKey.OP_READ, this);
            } catch (IOException e) {
                completeStage();
                return;
            }
            pull(in);
        }

        /** Called by the selector and the timers, outside the stream; {@link #onReady} follows inside it. */
        @Override
        public void ready(int operations) {
            AsyncCallback<Integer> entry = callback;
            if (signalled == 0 && entry != null) {
                signalled = operations;
                entry.invoke(0);
            } else {
                signalled |= operations;
            }
        }

        private void onReady(Integer ignored) {
            int operations = signalled;
            signalled = 0;
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                sendRest();
            }
            if ((operations & SelectionKey.OP_READ) != 0) {
                receive();
            }
            if ((operations & FIRED) != 0 && !deadline.set()) {
                onDeadline();
            }
        }

        private void receive() {
            if (lingering) {
                discard();
            } else if (resumed && isAvailable(out)) {
                read();
            } else {
                interest(SelectionKey.OP_READ, false);
            }
        }

        /** What was read before this stage was made comes first. */
        private void readBegun() {
            resumed = true;
            loop.counters().read(begun.length);
            ByteBuffer buffer = loop.readBuffer();
            buffer.clear();
            push(out, buffer.put(begun).flip());
        }

        private void read() {
            ByteBuffer buffer = loop.readBuffer();
            buffer.clear();
            int n;
            try {
                n = channel.read(buffer);
            } catch (IOException e) {
                reset();
                return;
            }
            if (n > 0) {
                loop.counters().read(n);
                buffer.flip();
                push(out, buffer);
            } else if (n < 0) {
                inputEnded = true;
                interest(SelectionKey.OP_READ, false);
                complete(out);
            }
        }

        private void send(ByteBuffer bytes) {
            try {
                loop.counters().written(channel.write(bytes));
            } catch (IOException e) {
                reset();
                return;
            }
            if (bytes.hasRemaining()) {
                unsent = new byte[bytes.remaining()];
                unsentFrom = 0;
                unsentTo = unsent.length;
                bytes.get(unsent);
                interest(SelectionKey.OP_WRITE, true);
                loop.timers().set(deadline, loop.now(), sendTimeoutMillis);
            } else {
                pull(in);
            }
        }

        private void sendRest() {
            byte[] rest = unsent;
            if (rest == null) {
                interest(SelectionKey.OP_WRITE, false);
                return;
            }
            ByteBuffer buffer = loop.readBuffer();
            buffer.clear();
            int n = Math.min(unsentTo - unsentFrom, buffer.capacity());
            buffer.put(rest, unsentFrom, n).flip();
            int sent;
            try {
                sent = channel.write(buffer);
            } catch (IOException e) {
                reset();
                return;
            }
            loop.counters().written(sent);
            unsentFrom += sent;
            if (unsentFrom < unsentTo) {
                if (sent > 0) {
                    loop.timers().set(deadline, loop.now(), sendTimeoutMillis);
                }
                return;
            }
            unsent = null;
            loop.timers().clear(deadline);
            interest(SelectionKey.OP_WRITE, false);
            if (isClosed(in)) {
                linger();
            } else {
                pull(in);
            }
        }

        private void linger() {
            if (inputEnded) {
                completeStage();
                return;
            }
            try {
                channel.shutdownOutput();
            } catch (IOException e) {
                completeStage();
                return;
            }
            lingering = true;
            lingerUntil = loop.now() + LINGER_NANOS;
            if (!isClosed(out)) {
                complete(out);
            }
            loop.timers().set(deadline, loop.now(), LINGER_MILLIS);
            interest(SelectionKey.OP_READ, true);
        }

        private void discard() {
            ByteBuffer buffer = loop.readBuffer();
            buffer.clear();
            int n;
            try {
                n = channel.read(buffer);
            } catch (IOException e) {
                n = -1;
            }
            if (n < 0 || loop.now() - lingerUntil > 0) {
                completeStage();
            } else {
                loop.timers().set(deadline, loop.now(), LINGER_MILLIS);
            }
        }

        private void onDeadline() {
            if (lingering) {
                completeStage();
            } else if (unsent != null) {
                reset();
            }
        }

        private void reset() {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // closed already: nothing left to reset
            }
            failStage(ConnectionLostException.INSTANCE);
        }

        private void interest(int operation, boolean on) {
            SelectionKey current = key;
            if (current == null || !current.isValid()) {
                return;
            }
            int before = current.interestOps();
            int after = on ? before | operation : before & ~operation;
            if (after != before) {
                current.interestOps(after);
            }
        }

        @Override
        public void postStop() {
            callback = null;
            loop.timers().remove(deadline);
            SelectionKey current = key;
            if (current != null) {
                current.cancel();
            }
            try {
                channel.close();
            } catch (IOException e) {
                // nothing can be done about a socket that does not close
            }
            loop.counters().closed();
            loop.released();
        }
    }
}
