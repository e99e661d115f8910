package io.sluice.node.proxy;

import io.sluice.node.upstream.UpstreamConnection;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log why TLS to upstreams fails, at most once a second for each event loop. On its thread only. */
final class UpstreamComplaints {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamComplaints.class);
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private long quietUntil = Long.MIN_VALUE;
    private long unsaid;

    /** A connection could not be made. */
    void failed(UpstreamConnection connection, IOException cause, long now) {
        if (connection.tlsHost().isEmpty()) {
            return;
        }
        if (quietUntil != Long.MIN_VALUE && now - quietUntil < 0) {
            unsaid++;
            return;
        }
        quietUntil = now + PAUSE_NANOS;
        LOG.atWarn()
                .addKeyValue("upstream", connection.endpoint().address())
                .addKeyValue("host", connection.tlsHost())
                .addKeyValue("reason", reason(cause))
                .addKeyValue("unsaid", unsaid)
                .log("no TLS connection to an upstream");
        unsaid = 0;
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String told = String.valueOf(cause.getMessage());
        String more = root.getMessage();
        return more == null || told.contains(more) ? told : told + ": " + more;
    }
}
