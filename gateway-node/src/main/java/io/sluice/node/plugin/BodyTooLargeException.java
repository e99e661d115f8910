package io.sluice.node.plugin;

/** A body had more bytes than a plugin was willing to keep. */
public final class BodyTooLargeException extends Exception {

    private static final long serialVersionUID = 1L;

    public BodyTooLargeException(long limit) {
        super("body larger than " + limit + " bytes", null, false, false);
    }
}
