package io.sluice.node.proxy;

import io.sluice.node.plugin.Verdict;
import io.sluice.state.model.Protocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What other requests get on a route that is for WebSockets (ws, wss): 426. */
final class WebSocketOnly {

    private static final Verdict.Answer UPGRADE =
            Verdict.error(426, "Please use WebSocket protocol").header("Upgrade", "websocket");

    private WebSocketOnly() {}

    /** The answer; null if the request may go on. */
    static Verdict.@Nullable Answer answer(ProxyExchange exchange) {
        Set<Protocol> protocols = exchange.match().route().protocols();
        boolean only = protocols.contains(Protocol.WS) || protocols.contains(Protocol.WSS);
        return only && !exchange.client().head().webSocket() ? UPGRADE : null;
    }
}
