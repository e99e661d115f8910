package io.sluice.node.proxy;

import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HostRule;
import io.sluice.node.http.KnownField;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.route.RequestTarget;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Route;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a plain-text request gets on a route that is for TLS only: 426 or a redirect (kong-2, section 2.4). */
final class HttpsOnly {

    private HttpsOnly() {}

    /** The answer; null if the request may go on. */
    static Verdict.@Nullable Answer answer(ProxyExchange exchange) {
        Route route = exchange.match().route();
        Set<Protocol> protocols = route.protocols();
        boolean secureOnly = protocols.contains(Protocol.HTTPS) && !protocols.contains(Protocol.HTTP)
                || protocols.contains(Protocol.WSS) && !protocols.contains(Protocol.WS);
        if (!secureOnly || exchange.client().scheme().equals("https")) {
            return null;
        }
        int status = route.httpsRedirectStatusCode();
        if (status == 426) {
            return Verdict.error(426, "Please use HTTPS protocol").header("Upgrade", "TLS/1.2, HTTP/1.1");
        }
        RequestTarget target = exchange.client().target();
        String location = "https://" + host(exchange.client()) + target.path() + target.search();
        return Verdict.empty(status).header("Location", location);
    }

    /** The host that the client knows, without port; a trusted peer's word counts if it is a host. */
    private static String host(RequestView request) {
        HeadFields fields = request.head().fields();
        int field = request.peerTrusted() ? fields.indexOf(KnownField.X_FORWARDED_HOST) : -1;
        if (field < 0 || !HostRule.valid(fields.bytes(), fields.valueFrom(field), fields.valueTo(field))) {
            return request.host();
        }
        String told = fields.value(field);
        int colon = told.indexOf(':', Math.max(told.lastIndexOf(']'), 0));
        return (colon < 0 ? told : told.substring(0, colon)).toLowerCase(Locale.ROOT);
    }
}
