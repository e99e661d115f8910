package io.sluice.state.health;

/** Kong's four counters of an address: a success sets the three of failures to 0, a failure that of successes. */
public record Evidence(int successes, int tcpFailures, int timeouts, int httpFailures) {

    /** Nothing was seen. */
    public static final Evidence NONE = new Evidence(0, 0, 0, 0);

    int failures(Failure failure) {
        return switch (failure) {
            case TCP -> tcpFailures;
            case TIMEOUT -> timeouts;
            case HTTP -> httpFailures;
        };
    }

    Evidence withSuccess() {
        return new Evidence(successes + 1, 0, 0, 0);
    }

    Evidence with(Failure failure) {
        return new Evidence(
                0,
                tcpFailures + (failure == Failure.TCP ? 1 : 0),
                timeouts + (failure == Failure.TIMEOUT ? 1 : 0),
                httpFailures + (failure == Failure.HTTP ? 1 : 0));
    }

    boolean hasFailures() {
        return (tcpFailures | timeouts | httpFailures) != 0;
    }
}
