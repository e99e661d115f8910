package io.sluice.node.proxy;

import io.sluice.node.http.TlsSession;
import io.sluice.node.tls.CertificateView;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may come over the connection that it came over. One for all requests of a connection: as long as host and
 * certificates are the same as before, so is the answer.
 */
final class ConnectionRule {

    private CertificateView view = CertificateView.EMPTY;
    private @Nullable String host;
    private @Nullable ProxyFailure answer;

    /** Why it may not; null if it may. */
    @Nullable
    ProxyFailure refusal(ProxyExchange exchange) {
        TlsSession session = exchange.client().peer().session();
        if (session == null) {
            return null;
        }
        if (session.isPlainText()) {
            return ProxyFailure.PLAIN_HTTP;
        }
        String named = session.serverName();
        CertificateView current = exchange.revision().certificates();
        if (named == null || current.isEmpty()) {
            return null;
        }
        String asked = exchange.client().host();
        if (current != view || !asked.equals(host)) {
            CertificateView.Shown own = asked.equals(named) ? null : current.findOwn(asked);
            CertificateView.Shown shown = current.find(named);
            boolean fits = own == null || shown != null && own.id().equals(shown.id());
            answer = fits ? null : ProxyFailure.MISDIRECTED;
            view = current;
            host = asked;
        }
        return answer;
    }
}
