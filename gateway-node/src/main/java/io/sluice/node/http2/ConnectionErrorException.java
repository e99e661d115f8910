package io.sluice.node.http2;

/** The peer has broken a rule in a way that ends the whole connection (RFC 9113 section 5.4.1). */
public final class ConnectionErrorException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public ConnectionErrorException(ErrorCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** What the peer is told. */
    public ErrorCode code() {
        return code;
    }
}
