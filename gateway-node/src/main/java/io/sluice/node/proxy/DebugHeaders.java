package io.sluice.node.proxy;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.plugin.HeaderName;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells a client that sends {@code Kong-Debug: 1} which route and service it met, if the setting allows it. */
final class DebugHeaders {

    private static final HeaderName ASKED = HeaderName.of("Kong-Debug");
    private static final byte[] ROUTE_ID = ProxyContext.ascii("Kong-Route-Id: ");
    private static final byte[] ROUTE_NAME = ProxyContext.ascii("Kong-Route-Name: ");
    private static final byte[] SERVICE_ID = ProxyContext.ascii("Kong-Service-Id: ");
    private static final byte[] SERVICE_NAME = ProxyContext.ascii("Kong-Service-Name: ");

    private DebugHeaders() {}

    static void write(ByteWriter out, ProxyExchange exchange, ProxyContext context) {
        if (!context.settings().allowDebugHeader() || !exchange.hasMatch()) {
            return;
        }
        if (!exchange.client().headers().first(ASKED).orElse("").equals("1")) {
            return;
        }
        Route route = exchange.match().route();
        Service service = exchange.match().service();
        line(out, ROUTE_ID, route.id().toString());
        line(out, ROUTE_NAME, route.name());
        if (service != null) {
            line(out, SERVICE_ID, service.id().toString());
            line(out, SERVICE_NAME, service.name());
        }
    }

    private static void line(ByteWriter out, byte[] name, @Nullable String value) {
        if (value != null) {
            out.put(name);
            out.put(value.getBytes(StandardCharsets.UTF_8));
            out.crlf();
        }
    }
}
