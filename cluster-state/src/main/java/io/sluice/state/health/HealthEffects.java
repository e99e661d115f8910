package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Active;
import java.time.Duration;
import java.util.List;

/** What follows from decisions. */
interface HealthEffects {

    void send(long member, HealthMessage message);

    /** To be what all nodes know, also those that come later. */
    void replicate(List<Verdict> verdicts);

    /** What is older is over. */
    void forget(long horizon);

    /** Probes at once; the result comes with the number. */
    void probe(WatchedUpstream upstream, TargetAddress address, Active how, long number);

    /** Calls {@link Doubts#late} after that time. */
    void deadline(long number, Duration in);

    void changed(HealthChange change);

    /** Until when this node is in contact as far as it knows, on the scale of nanoTime; 0 if nothing is known of that. */
    default long contactUntil() {
        return 0;
    }

    /** What is to be probed of an upstream may be something else now. */
    void reassign(String upstream);

    /** Its evidence is to be told to its owner soon. */
    void tellSoon(TargetState state);
}
