package io.sluice.node.proxy;

import io.sluice.node.http.TlsSession;
import io.sluice.node.tls.CertificateRequests;
import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.ServerName;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may come over the connection that it came over: one that was made for another server name shows what that
 * name's clients are to see, and asks what they are to be asked. Browsers share connections between names of one certificate
 * (RFC 9113 section 9.1.1) and make another one when they are told so. One for all requests of a connection: as long as host,
 * certificates and requests for them are the same as before, so is the answer.
 */
final class ConnectionRule {

    private CertificateView view = CertificateView.EMPTY;
    private CertificateRequests requests = CertificateRequests.NONE;
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
        CertificateRequests wanted = exchange.revision().certificateRequests();
        if (named == null || current.isEmpty() && wanted.isEmpty()) {
            return null;
        }
        String asked = exchange.client().host();
        if (current != view || wanted != requests || !asked.equals(host)) {
            boolean fits = asked.equals(named) || fits(named, ServerName.canonical(asked), current, wanted);
            answer = fits ? null : ProxyFailure.MISDIRECTED;
            view = current;
            requests = wanted;
            host = asked;
        }
        return answer;
    }

    private static boolean fits(String named, String asked, CertificateView current, CertificateRequests wanted) {
        CertificateView.Shown own = asked.equals(named) ? null : current.findOwn(asked);
        CertificateView.Shown shown = current.find(named);
        boolean certificate = own == null || shown != null && own.id().equals(shown.id());
        return certificate && wanted.covers(named, asked);
    }
}
