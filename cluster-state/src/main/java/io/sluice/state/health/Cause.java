package io.sluice.state.health;

/** Why an address was found to be up or down. Their order is part of the wire format: add at the end. */
public enum Cause {
    PROBES_REFUSED,
    PROBES_TIMED_OUT,
    PROBES_ANSWERED_BADLY,
    PROBES_SUCCEEDED,
    TRAFFIC_REFUSED,
    TRAFFIC_TIMED_OUT,
    TRAFFIC_ANSWERED_BADLY,
    TRAFFIC_SUCCEEDED,
    /** Somebody said so by the Admin API. */
    MANUAL,
    /** What held for one node only holds no more: it hears from the others again. */
    CONTACT,
    /** What held for one node only is over: whether its requests still fail is seen by trying. */
    TRIED_AGAIN,
    /** Nobody has confirmed for long that it is down. */
    FORGOTTEN;

    static Cause probes(Failure failure) {
        return switch (failure) {
            case TCP -> PROBES_REFUSED;
            case TIMEOUT, CONNECT_TIMEOUT -> PROBES_TIMED_OUT;
            case HTTP -> PROBES_ANSWERED_BADLY;
        };
    }

    static Cause traffic(Failure failure) {
        return switch (failure) {
            case TCP -> TRAFFIC_REFUSED;
            case TIMEOUT, CONNECT_TIMEOUT -> TRAFFIC_TIMED_OUT;
            case HTTP -> TRAFFIC_ANSWERED_BADLY;
        };
    }
}
