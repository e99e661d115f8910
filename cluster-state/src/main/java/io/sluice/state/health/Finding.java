package io.sluice.state.health;

import io.sluice.state.health.Healthchecks.Active;
import java.util.Optional;

/** What a probe means. Their order is part of the wire format: add at the end. */
enum Finding {
    SUCCESS,
    REFUSED,
    TIMED_OUT,
    BAD_ANSWER,
    /** An answer that is in neither list. */
    NOTHING,
    /** The node that was asked does not watch this upstream. */
    UNWATCHED;

    static Finding of(ProbeResult result, Active how) {
        if (result instanceof ProbeResult.Refused) {
            return REFUSED;
        }
        if (!(result instanceof ProbeResult.Answered answered)) {
            return TIMED_OUT;
        }
        int status = answered.status();
        if (how.type() == ProbeType.TCP || how.healthy().statuses().contains(status)) {
            return SUCCESS;
        }
        return status == 0 || how.unhealthy().statuses().contains(status) ? BAD_ANSWER : NOTHING;
    }

    static String describe(ProbeResult result) {
        if (result instanceof ProbeResult.Refused refused) {
            return refused.reason();
        }
        return result instanceof ProbeResult.Answered answered ? "status " + answered.status() : "timed out";
    }

    Optional<Failure> failure() {
        return switch (this) {
            case REFUSED -> Optional.of(Failure.TCP);
            case TIMED_OUT -> Optional.of(Failure.TIMEOUT);
            case BAD_ANSWER -> Optional.of(Failure.HTTP);
            default -> Optional.empty();
        };
    }

    /** Whether whoever probed has reached it. */
    boolean isAlive() {
        return this == SUCCESS || this == NOTHING;
    }
}
