package io.sluice.state.rollout;

import io.sluice.state.wire.WireMessage;
import java.util.List;

/** One of each message about what is live, as node 42 sends it. */
public final class RolloutSamples {

    private RolloutSamples() {}

    public static List<WireMessage> all() {
        return List.of(new LiveHash(42, "0123456789abcdef0123456789abcdef"));
    }
}
