package io.sluice.node.proxy;

import io.sluice.node.proxy.UpstreamCall.Waiting;
import io.sluice.node.upstream.UpstreamConnection;
import io.sluice.state.model.Service;
import org.jspecify.annotations.Nullable;

/** How long a call waits, by its service. */
final class CallLimits {

    private static final long WITHOUT_SERVICE_MILLIS = 60_000;

    private CallLimits() {}

    /** The service's limit for what is waited for, in milliseconds. */
    static long millis(@Nullable Service service, @Nullable UpstreamConnection connection, Waiting waiting) {
        if (service == null) {
            return WITHOUT_SERVICE_MILLIS;
        }
        return switch (waiting) {
            case CONNECT -> service.connectTimeout() - spent(service, connection);
            case SEND -> service.writeTimeout();
            default -> service.readTimeout();
        };
    }

    /** Connecting has one deadline, however many steps TLS makes of it. */
    private static long spent(Service service, @Nullable UpstreamConnection connection) {
        return connection == null ? 0 : Math.min(connection.ageMillis(), service.connectTimeout() - 1);
    }
}
