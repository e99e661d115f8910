package io.sluice.state.wire;

/** Bytes that are not what they should be. Has no stack trace: peers can cause as many as they like. */
public final class WireException extends Exception {

    /**
     * Says why.
     *
     * @param reason what was found and what was expected
     */
    public WireException(String reason) {
        super(reason, null, false, false);
    }
}
