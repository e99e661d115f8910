package io.sluice.state.membership;

import io.sluice.state.membership.PeerMessage.Hello;
import io.sluice.state.membership.PeerMessage.Ping;
import io.sluice.state.membership.PeerMessage.Pong;
import io.sluice.state.wire.WireMessage;
import java.util.List;

/** One of each message of the membership, as node 42 sends it. */
public final class PeerSamples {

    private PeerSamples() {}

    public static List<WireMessage> all() {
        return List.of(
                new Ping(42, 1_234_567_890_123L),
                new Pong(42, -5, 1_790_000_000_000L),
                new Hello(42, "10.0.0.1:7355", List.of("10.0.0.1:7355", "10.0.0.2:7355"), true));
    }
}
