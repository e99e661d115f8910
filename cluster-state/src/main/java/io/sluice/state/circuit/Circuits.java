package io.sluice.state.circuit;

import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireMessage;
import io.sluice.state.wire.WireOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node knows of circuits, or what it has just found: told to others.
 *
 * @param sender 0 in one that has not been sent yet
 */
record Circuits(long sender, List<Circuit> all) implements CircuitKeeper.Command, WireMessage {

    private static final int LEAST_CIRCUIT = 3;

    Circuits {
        all = List.copyOf(all);
    }

    static WireCodec<Circuits> codec() {
        return WireCodec.message(Circuits.class, "circuits", 1, Circuits::write, (in, version) -> read(in));
    }

    private void write(WireOutput out) {
        out.varint(all.size());
        all.forEach(one -> out.text(one.upstream()).flag(one.open()).varint(one.version()));
        if (all.stream().anyMatch(one -> one.finder() != 0)) { // added later, so it comes last
            all.forEach(one -> out.fixed64(one.finder()));
        }
    }

    private static Circuits read(WireInput in) throws WireException {
        int count = in.count(LEAST_CIRCUIT);
        List<Circuit> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(new Circuit(in.text(), in.flag(), in.varint(Long.MAX_VALUE)));
        }
        for (int i = 0; i < count && in.left() > 0; i++) {
            Circuit one = all.get(i);
            all.set(i, new Circuit(one.upstream(), one.open(), one.version(), in.fixed64()));
        }
        return new Circuits(in.sender(), all);
    }
}
