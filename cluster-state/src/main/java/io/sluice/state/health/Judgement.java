package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Passive;
import java.util.Map;
import java.util.Map.Entry;

/** What the owner of an address makes of what the nodes' requests have seen of it. */
sealed interface Judgement {

    /** Nothing to be done. */
    enum Nothing implements Judgement {
        NOTHING
    }

    /** Enough requests were answered well: it is up. */
    record Heal(long finder) implements Judgement {}

    /** It is down. */
    record Condemn(Failure failure, long finder) implements Judgement {}

    /**
     * Somebody gets no connection: whether it is down is seen at once by connecting.
     *
     * @param failure of connecting
     * @param finder who has seen most of it
     */
    record Connect(Failure failure, long finder) implements Judgement {}

    /** One node alone sees failures: have others had successes? */
    record AskOthers(Failure failure, long finder) implements Judgement {}

    /**
     * Judges.
     *
     * @param up what holds now
     * @param seen the counters of each node that has any
     */
    static Judgement of(Passive rules, boolean up, Map<Long, Evidence> seen) {
        if (!up) {
            int limit = rules.healthy().successes();
            return limit == 0
                    ? Nothing.NOTHING
                    : seen.entrySet().stream()
                            .filter(node -> node.getValue().successes() >= limit)
                            .<Judgement>map(node -> new Heal(node.getKey()))
                            .findFirst()
                            .orElse(Nothing.NOTHING);
        }
        for (Failure failure : Failure.values()) {
            int limit = rules.unhealthy().limit(failure);
            if (limit > 0
                    && failure.counted() == failure
                    && seen.values().stream()
                                    .mapToInt(one -> one.failures(failure))
                                    .sum()
                            >= limit) {
                return failed(failure, seen);
            }
        }
        return Nothing.NOTHING;
    }

    private static Judgement failed(Failure failure, Map<Long, Evidence> seen) {
        long finder = 0;
        int most = 0;
        int nodes = 0;
        for (Entry<Long, Evidence> node : seen.entrySet()) {
            int failures = node.getValue().failures(failure);
            nodes += failures > 0 ? 1 : 0;
            if (failures > most || failures == most && most > 0 && node.getKey() < finder) {
                most = failures;
                finder = node.getKey();
            }
        }
        if (failure == Failure.TCP) {
            return new Connect(failure, finder);
        }
        if (failure == Failure.TIMEOUT && mostlyConnecting(seen)) {
            return new Connect(Failure.CONNECT_TIMEOUT, finder);
        }
        return nodes > 1 ? new Condemn(failure, finder) : new AskOthers(failure, finder);
    }

    private static boolean mostlyConnecting(Map<Long, Evidence> seen) {
        int connecting =
                seen.values().stream().mapToInt(Evidence::connectTimeouts).sum();
        int all = seen.values().stream().mapToInt(Evidence::timeouts).sum();
        return 2 * connecting > all;
    }
}
