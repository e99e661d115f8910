package io.sluice.state.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Clients whose requests take their time: which of them have a place at a moment, over all nodes of a simulation. */
final class Places {

    private final Simulation simulation;
    private final Limits limits;
    private final String key;
    private final Map<Integer, Integer> taken = new HashMap<>();
    private final Map<Integer, Integer> lives = new HashMap<>();
    private int most;

    Places(Simulation simulation, Limits limits, String key) {
        this.simulation = simulation;
        this.limits = limits;
        this.key = key;
    }

    /** A request at a node now; it ends after so many milliseconds if it is let in. */
    void request(int node, long millis) {
        simulation.use(node, limiter -> {
            Outcome outcome = new Outcome(1);
            limiter.acquire(key, limits, 1, outcome);
            outcome.pending().orElse(CompletableFuture.completedFuture(outcome)).thenAccept(answer -> {
                if (answer.admitted()) {
                    begin(node, millis, limiter, answer);
                }
            });
        });
    }

    private void begin(int node, long millis, RateLimiter limiter, Outcome place) {
        taken.merge(node, 1, Integer::sum);
        most = Math.max(most, now());
        int life = lives.getOrDefault(node, 0);
        simulation.later(
                millis,
                () -> simulation.use(node, same -> {
                    if (life == lives.getOrDefault(node, 0)) {
                        taken.merge(node, -1, Integer::sum);
                        limiter.release(place);
                    }
                }));
    }

    /** Requests at a node end with the node. */
    void end(int node) {
        taken.remove(node);
        lives.merge(node, 1, Integer::sum);
    }

    /** How many have a place now. */
    int now() {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many have a place at a node now. */
    int at(int node) {
        return taken.getOrDefault(node, 0);
    }

    /** The most that had one at a time. */
    int most() {
        return most;
    }
}
