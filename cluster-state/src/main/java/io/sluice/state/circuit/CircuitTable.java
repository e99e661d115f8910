package io.sluice.state.circuit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What a node knows of circuits. What was closed lately is remembered, so that older news does not open it again. Thread-safe. */
final class CircuitTable {

    /** More than the longest time that a circuit may be open. */
    private static final long OPEN_MILLIS = 2 * 3_600_000L;

    private static final long CLOSED_MILLIS = 300_000;

    private final LongSupplier agreedMillis;
    private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
    private final List<Consumer<Circuit>> listeners = new CopyOnWriteArrayList<>();

    CircuitTable(LongSupplier agreedMillis) {
        this.agreedMillis = agreedMillis;
    }

    void listen(Consumer<Circuit> listener) {
        listeners.add(listener);
    }

    /** This node has changed it. */
    void put(Circuit circuit) {
        circuits.merge(circuit.upstream(), circuit, Circuit::merge);
    }

    /** Other nodes have said so. */
    void learn(List<Circuit> others) {
        for (Circuit other : others) {
            Circuit before = circuits.get(other.upstream());
            if (!over(other)
                    && !other.equals(before)
                    && (before == null || before.merge(other).equals(other))) {
                put(other);
                listeners.forEach(listener -> listener.accept(other));
            }
        }
    }

    Optional<Circuit> of(String upstream) {
        return Optional.ofNullable(circuits.get(upstream));
    }

    /** All that is not over. */
    List<Circuit> all() {
        circuits.values().removeIf(this::over);
        return List.copyOf(circuits.values());
    }

    private boolean over(Circuit circuit) {
        return agreedMillis.getAsLong() - circuit.version() > (circuit.open() ? OPEN_MILLIS : CLOSED_MILLIS);
    }
}
