package io.sluice.state.circuit;

import io.sluice.state.wire.WireMessage;
import java.util.List;

/** One of each message about circuits, as node 42 sends it. */
public final class CircuitSamples {

    private CircuitSamples() {}

    /** With the nodes that were added later. */
    public static WireMessage extended() {
        return new Circuits(
                42,
                List.of(new Circuit("a", true, 1_790_000_000_000L, 7), new Circuit("b", false, 1_790_000_000_001L, 0)));
    }

    public static List<WireMessage> all() {
        return List.of(new Circuits(
                42, List.of(new Circuit("a", true, 1_790_000_000_000L), new Circuit("b", false, 1_790_000_000_001L))));
    }
}
