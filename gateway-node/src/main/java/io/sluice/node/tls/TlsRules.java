package io.sluice.node.tls;

import java.time.Duration;
import java.util.List;

/**
 * What clients of a TLS listener may use.
 *
 * @param protocols JSSE names of the versions
 * @param suites JSSE names, the preferred one first; those that this Java lacks are left out
 * @param serverPrefers whether our order counts rather than the client's
 * @param sessionTimeout how long a session can be resumed
 * @param sessions most sessions kept for clients that take no tickets
 * @param tickets whether sessions are given to clients to keep, encrypted, rather than kept here
 */
public record TlsRules(
        List<String> protocols,
        List<String> suites,
        boolean serverPrefers,
        Duration sessionTimeout,
        int sessions,
        boolean tickets) {

    /** Kong's defaults. */
    public static final TlsRules DEFAULT = new TlsRules(
            List.of("TLSv1.2", "TLSv1.3"),
            CipherSuites.preset("intermediate").orElseThrow().suites(),
            false,
            Duration.ofDays(1),
            5_120,
            true);
}
