package io.sluice.node.http;

import java.io.IOException;

/** The peer has gone; carries no stack, since it is an expected end. */
public final class ConnectionLostException extends IOException {

    /** The one instance. */
    public static final ConnectionLostException INSTANCE = new ConnectionLostException();

    private static final long serialVersionUID = 1L;

    private ConnectionLostException() {
        super("connection lost");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
