package io.sluice.node.proxy;

import static io.sluice.node.proxy.ProxyContext.ascii;

import io.sluice.node.http.ByteWriter;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.RequestHead;
import io.sluice.node.route.RouteMatch;
import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.node.upstream.Endpoint;

/** Writes the heads that leave the gateway: what was received, as it was, and the gateway's own fields (kong-3, 3.2 and 3.3). */
final class HeadRenderer {

    private static final byte[] HTTP_1_1 = ascii(" HTTP/1.1\r\n");
    private static final byte[] STATUS = ascii("HTTP/1.1 ");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] CONNECTION_KEEP = ascii("Connection: keep-alive\r\n");
    private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
    private static final byte[] CONNECTION_UPGRADE = ascii("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] SWITCHED = ascii("Connection: upgrade\r\n");
    private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] X_REAL_IP = ascii("X-Real-IP: ");
    private static final byte[] X_FORWARDED_FOR = ascii("X-Forwarded-For: ");
    private static final byte[] X_FORWARDED_PROTO = ascii("X-Forwarded-Proto: ");
    private static final byte[] X_FORWARDED_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] X_FORWARDED_PORT = ascii("X-Forwarded-Port: ");
    private static final byte[] X_FORWARDED_PATH = ascii("X-Forwarded-Path: ");
    private static final byte[] X_FORWARDED_PREFIX = ascii("X-Forwarded-Prefix: ");
    private static final byte[] VIA = ascii("Via: ");
    private static final byte[] VIA_1_1 = ascii("1.1 " + ProxyContext.SERVER);
    private static final byte[] VIA_1_0 = ascii("1 " + ProxyContext.SERVER);
    private static final byte[] VIA_2 = ascii("2 " + ProxyContext.SERVER);
    private static final byte[] LIST = ascii(", ");
    private static final byte[] SERVER = ascii("Server: " + ProxyContext.SERVER + "\r\n");
    private static final byte[] REQUEST_ID = ascii("X-Kong-Request-Id: ");
    private static final byte[] UPSTREAM_LATENCY = ascii("X-Kong-Upstream-Latency: ");
    private static final byte[] PROXY_LATENCY = ascii("X-Kong-Proxy-Latency: ");
    private static final byte[] RESPONSE_LATENCY = ascii("X-Kong-Response-Latency: ");
    private static final byte[] UPSTREAM_STATUS = ascii("X-Kong-Upstream-Status: ");

    private HeadRenderer() {}

    /**
     * The head for the upstream.
     *
     * @param bodyLength length of a body held in memory, or -1 if the client's framing fields stand
     */
    static void request(
            ByteWriter out, ProxyExchange exchange, ProxyContext context, Endpoint endpoint, long bodyLength) {
        RequestView request = exchange.client();
        UpstreamView forward = exchange.forward();
        out.put(forward.method());
        out.put((byte) ' ');
        out.put(request.target().isServer() ? "*" : forward.path());
        out.put(forward.search());
        out.put(HTTP_1_1);
        out.put(HOST);
        out.put(host(exchange, endpoint));
        out.crlf();
        out.put(request.head().webSocket() ? CONNECTION_UPGRADE : CONNECTION_KEEP);
        forwarded(out, exchange, context);
        forward.edits().write(out);
        if (bodyLength >= 0) {
            out.put(CONTENT_LENGTH);
            out.putDecimal(bodyLength);
            out.crlf();
        } else if (request.head().bodyLength() == RequestHead.CHUNKED) {
            out.put(CHUNKED); // in the one spelling that every reader understands
        }
        out.crlf();
    }

    /** What the upstream is asked for. */
    static String host(ProxyExchange exchange, Endpoint endpoint) {
        if (exchange.forward().host().isPresent()) {
            return exchange.forward().host().get();
        }
        boolean preserve = exchange.match().route().preserveHost();
        String given = exchange.client().hostField();
        return preserve && !given.isEmpty() ? given : endpoint.hostHeader();
    }

    private static void forwarded(ByteWriter out, ProxyExchange exchange, ProxyContext context) {
        RequestView request = exchange.client();
        HeadFields fields = request.head().fields();
        if (fields.lists(KnownField.TE, "trailers")) {
            out.put(TE_TRAILERS);
        }
        field(out, X_REAL_IP, request.clientIp());
        out.put(X_FORWARDED_FOR);
        list(out, fields, KnownField.X_FORWARDED_FOR);
        // a client told by another header would be lost if the peer stood here
        out.put(fields.has(KnownField.X_FORWARDED_FOR) ? request.originIp() : request.clientIp());
        out.crlf();
        boolean trusted = request.peerTrusted();
        if (!trusted || !copied(out, fields, KnownField.X_FORWARDED_PROTO, X_FORWARDED_PROTO)) {
            field(out, X_FORWARDED_PROTO, request.peer().tls() ? "https" : "http");
        }
        if (!trusted || !copied(out, fields, KnownField.X_FORWARDED_HOST, X_FORWARDED_HOST)) {
            host(out, request.host());
        }
        if (!trusted || !copied(out, fields, KnownField.X_FORWARDED_PORT, X_FORWARDED_PORT)) {
            out.put(X_FORWARDED_PORT);
            out.putDecimal(request.listenPort());
            out.crlf();
        }
        if (!trusted || !copied(out, fields, KnownField.X_FORWARDED_PATH, X_FORWARDED_PATH)) {
            field(out, X_FORWARDED_PATH, request.target().path());
        }
        if (!trusted || !copied(out, fields, KnownField.X_FORWARDED_PREFIX, X_FORWARDED_PREFIX)) {
            prefix(out, exchange);
        }
        out.put(VIA);
        list(out, fields, KnownField.VIA);
        out.put(request.peer().http2() ? VIA_2 : request.head().minorVersion() == 0 ? VIA_1_0 : VIA_1_1);
        out.crlf();
        requestId(out, exchange, context.sends(TokenHeader.UPSTREAM_REQUEST_ID));
    }

    private static void prefix(ByteWriter out, ProxyExchange exchange) {
        RouteMatch match = exchange.match();
        if (match.route().stripPath() && match.matchedLength() > 1) {
            out.put(X_FORWARDED_PREFIX);
            out.put(exchange.client().path().substring(0, match.matchedLength()));
            out.crlf();
        }
    }

    private static void host(ByteWriter out, String host) {
        if (!host.isEmpty()) {
            field(out, X_FORWARDED_HOST, host);
        }
    }

    private static void field(ByteWriter out, byte[] name, String value) {
        out.put(name);
        out.put(value);
        out.crlf();
    }

    /** The values of a field so far, each followed by a comma. */
    private static void list(ByteWriter out, HeadFields fields, KnownField field) {
        for (int i = fields.indexOf(field); i >= 0; i = fields.nextOf(i)) {
            out.put(fields.bytes(), fields.valueFrom(i), fields.valueTo(i));
            out.put(LIST);
        }
    }

    private static boolean copied(ByteWriter out, HeadFields fields, KnownField field, byte[] name) {
        int at = fields.indexOf(field);
        if (at < 0) {
            return false;
        }
        out.put(name);
        out.put(fields.bytes(), fields.valueFrom(at), fields.valueTo(at));
        out.crlf();
        return true;
    }

    /** An interim response (1xx), passed on as it is. */
    static void interim(ByteWriter out, ResponseView response) {
        status(out, response);
        response.edits().write(out);
        out.crlf();
    }

    /** The head of an accepted upgrade. */
    static void upgraded(ByteWriter out, ProxyExchange exchange, ProxyContext context, HttpDate date) {
        status(out, exchange.answer());
        out.put(SWITCHED);
        exchange.answer().edits().write(out);
        proxied(out, exchange, context, date);
        out.crlf();
    }

    /** The head of an upstream's response. */
    static void response(
            ByteWriter out,
            ProxyExchange exchange,
            ProxyContext context,
            HttpDate date,
            boolean chunked,
            boolean keepAlive) {
        ResponseView response = exchange.answer();
        status(out, response);
        response.edits().write(out);
        if (chunked) {
            out.put(CHUNKED);
        }
        out.put(keepAlive ? CONNECTION_KEEP : CONNECTION_CLOSE);
        proxied(out, exchange, context, date);
        out.crlf();
    }

    private static void status(ByteWriter out, ResponseView response) {
        if (response.statusChanged()) {
            out.put(StatusText.line(response.status()));
            return;
        }
        out.put(STATUS);
        out.putDecimal(response.status());
        out.put((byte) ' ');
        response.head().putReason(out);
        out.crlf();
    }

    private static void proxied(ByteWriter out, ProxyExchange exchange, ProxyContext context, HttpDate date) {
        ResponseView response = exchange.answer();
        HeadFields fields = response.head().fields();
        boolean server = !fields.has(KnownField.SERVER) && context.sends(TokenHeader.SERVER);
        if (server && !response.edits().contains(KnownField.SERVER.headerName())) {
            out.put(SERVER);
        }
        if (!fields.has(KnownField.DATE)) {
            out.put(date.line()); // RFC 9110 section 6.6.1
        }
        upstreamStatus(out, context, response.head().status());
        latencies(out, exchange, context);
        if (context.sends(TokenHeader.VIA)) {
            out.put(VIA);
            list(out, fields, KnownField.VIA);
            out.put(VIA_1_1);
            out.crlf();
        }
        requestId(out, exchange, context.sends(TokenHeader.REQUEST_ID));
        DebugHeaders.write(out, exchange, context);
    }

    private static void upstreamStatus(ByteWriter out, ProxyContext context, int status) {
        if (context.sends(TokenHeader.UPSTREAM_STATUS)) {
            out.put(UPSTREAM_STATUS);
            out.putDecimal(status);
            out.crlf();
        }
    }

    private static void latencies(ByteWriter out, ProxyExchange exchange, ProxyContext context) {
        if (context.sends(TokenHeader.UPSTREAM_LATENCY)) {
            out.put(UPSTREAM_LATENCY);
            out.putDecimal(Math.max(0, exchange.upstreamLatency()));
            out.crlf();
        }
        if (context.sends(TokenHeader.PROXY_LATENCY)) {
            out.put(PROXY_LATENCY);
            out.putDecimal(Math.max(0, exchange.proxyLatency()));
            out.crlf();
        }
    }

    private static void requestId(ByteWriter out, ProxyExchange exchange, boolean wanted) {
        if (wanted) {
            out.put(REQUEST_ID);
            exchange.requestId().write(out);
            out.crlf();
        }
    }

    /** The head of a response that the gateway makes itself. */
    static void own(ByteWriter out, ProxyExchange exchange, ProxyContext context, byte[] date, OwnHead head) {
        ResponseView response = exchange.answer();
        out.put(StatusText.line(response.status()));
        out.put(date);
        response.edits().write(out);
        if (head.bodyLength() >= 0) {
            out.put(CONTENT_LENGTH);
            out.putDecimal(head.bodyLength());
            out.crlf();
        }
        out.put(head.keepAlive() ? CONNECTION_KEEP : CONNECTION_CLOSE);
        if (response.edits().contains(KnownField.UPGRADE.headerName())) {
            out.put(SWITCHED); // RFC 9110 section 7.8
        }
        if (context.sends(TokenHeader.SERVER) && !response.edits().contains(KnownField.SERVER.headerName())) {
            out.put(SERVER);
        }
        if (head.whileProxying()) {
            upstreamStatus(out, context, response.status());
            latencies(out, exchange, context);
            if (context.sends(TokenHeader.VIA)) {
                out.put(VIA);
                out.put(VIA_1_1);
                out.crlf();
            }
        } else if (context.sends(TokenHeader.RESPONSE_LATENCY)) {
            out.put(RESPONSE_LATENCY);
            out.putDecimal(head.age());
            out.crlf();
        }
        requestId(out, exchange, context.sends(TokenHeader.REQUEST_ID));
        DebugHeaders.write(out, exchange, context);
        out.crlf();
    }

    /**
     * How an own response is framed.
     *
     * @param bodyLength -1 to say none (204, 304)
     * @param whileProxying whether an upstream had been asked: then it counts as proxied
     * @param age milliseconds since the request began
     */
    record OwnHead(long bodyLength, boolean keepAlive, boolean whileProxying, long age) {}
}
