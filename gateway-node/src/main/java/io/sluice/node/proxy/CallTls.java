package io.sluice.node.proxy;

import io.sluice.node.tls.TlsProfile;
import io.sluice.node.upstream.Endpoint;
import io.sluice.node.upstream.TlsTarget;
import org.jspecify.annotations.Nullable;

/** The TLS of the current request's tries. Reused. */
final class CallTls {

    private @Nullable TlsProfile profile;
    private @Nullable TlsTarget last;

    /** @param newProfile null if none is spoken */
    void begin(@Nullable TlsProfile newProfile) {
        profile = newProfile;
    }

    /** Whom to make a connection for; null without TLS. */
    @Nullable
    TlsTarget target(ProxyExchange exchange, Endpoint endpoint) {
        TlsProfile over = profile;
        if (over == null) {
            return null;
        }
        TlsTarget target = TlsTarget.of(over, HeadRenderer.host(exchange, endpoint), last);
        last = target;
        return target;
    }

    /** The request has ended. */
    void clear() {
        profile = null;
    }
}
