package io.sluice.node.proxy;

import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.EventLoop;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * The gateway for one client connection: received bytes in, bytes to send out.
 *
 * <p>Why one stage: everything an exchange needs happens on one thread, and each message between stages would cost more than
 * the work it carries. The upstream's socket is not a stage because it outlives the client's stream in the loop's pool; it
 * enters here by a callback. Elements are the loop's buffers, valid until the handler that gets them returns.
 */
final class ProxyStage extends GraphStage<FlowShape<ByteBuffer, ByteBuffer>> {

    private final Inlet<ByteBuffer> in = Inlet.create("proxy.in");
    private final Outlet<ByteBuffer> out = Outlet.create("proxy.out");
    private final FlowShape<ByteBuffer, ByteBuffer> shape = FlowShape.of(in, out);
    private final ProxyContext context;
    private final ConnectionPeer peer;
    private final Function<EventLoop, LoopState> states;
    private final Spoken spoken;

    ProxyStage(ProxyContext context, ConnectionPeer peer, Function<EventLoop, LoopState> states, Spoken spoken) {
        this.context = context;
        this.peer = peer;
        this.states = states;
        this.spoken = spoken;
    }

    @Override
    public FlowShape<ByteBuffer, ByteBuffer> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new ProxyConnection(shape, context, peer, states.apply(EventLoop.current()), spoken);
    }
}
