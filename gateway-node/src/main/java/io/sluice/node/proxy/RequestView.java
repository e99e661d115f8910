package io.sluice.node.proxy;

import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.HeadFields;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.RequestHead;
import io.sluice.node.http.TlsSession;
import io.sluice.node.http.WebSocketHandshake;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Headers;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.node.route.PathNormalizer;
import io.sluice.node.route.RequestTarget;
import io.sluice.node.route.RouteRequest;
import io.sluice.state.model.IpText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The request of the current exchange of a connection, read off its head when asked. Reused from request to request. */
final class RequestView implements ClientRequest {

    /** Reads the body into memory for a plugin. */
    interface BodyCollector {
        CompletionStage<ByteString> collect(long limit);
    }

    private static final RequestTarget NO_TARGET = new RequestTarget("", "/", "");

    private final RequestHead head = new RequestHead();
    private final ConnectionPeer peer;
    private final boolean peerTrusted;
    private final int listenPort;
    private final ProxyContext context;
    private final BodyCollector collector;
    private final RouterView routerView = new RouterView();
    private String hostField = "";
    private String host = "";
    private int hostPort;
    private RequestTarget target = NO_TARGET;
    private boolean targetKnown;
    private @Nullable String refusedLine;
    private String rawTarget = "";
    private String path = "";
    private final InetAddress origin;
    private final String originIp;
    private final int originPort;
    private InetAddress client;
    private String clientIp;
    private String scheme = "http";
    private long bodyBytes;

    RequestView(ConnectionPeer peer, ProxyContext context, BodyCollector collector) {
        this.peer = peer;
        this.context = context;
        this.collector = collector;
        InetSocketAddress told = context.realIp().told(peer).orElse(null);
        this.origin = told == null ? peer.address() : told.getAddress();
        this.originIp = told == null ? peer.ip() : IpText.of(origin.getAddress());
        this.originPort = told == null ? peer.port() : told.getPort();
        this.peerTrusted = context.realIp().trusts(origin);
        this.listenPort = context.settings().portMaps().getOrDefault(peer.localPort(), peer.localPort());
        this.client = origin;
        this.clientIp = originIp;
    }

    RequestHead head() {
        return head;
    }

    ConnectionPeer peer() {
        return peer;
    }

    /**
     * The address of whoever speaks HTTP with us: the peer, or whom it forwards for by the PROXY protocol.
     */
    String originIp() {
        return originIp;
    }

    /** Whether {@link #originIp} may say who it forwards for. */
    boolean peerTrusted() {
        return peerTrusted;
    }

    /** The head could not be read: nothing of it is believed. */
    void unreadable() {
        head.clear();
    }

    /** What may be shown of it. */
    void refusedLine(String line) {
        refusedLine = line;
    }

    @Override
    public Optional<String> refusedLine() {
        return Optional.ofNullable(refusedLine);
    }

    /** Takes the parsed head apart; gives false if its target cannot be served. */
    boolean begin() {
        bodyBytes = 0;
        refusedLine = null;
        readHost();
        scheme = peer.tls() ? "https" : "http";
        if (peerTrusted) {
            readTrusted(); // before the target, which may be refused: the log must not show the request before
        }
        if (!readTarget() || target.isServer() && !head.method().equals("OPTIONS")) {
            return false;
        }
        return !head.webSocket() || WebSocketHandshake.valid(head.fields());
    }

    /** Many clients ask for the same thing again: then nothing needs to be decoded. */
    private boolean readTarget() {
        if (targetKnown && head.targetIs(rawTarget)) {
            return sameAuthority(target);
        }
        targetKnown = false;
        target = NO_TARGET;
        path = "/";
        rawTarget = head.target();
        RequestTarget parsed = RequestTarget.parse(rawTarget);
        String normalized = parsed == null ? null : parsed.isServer() ? "/" : PathNormalizer.normalize(parsed.path());
        if (parsed == null || normalized == null) {
            return false;
        }
        targetKnown = true;
        target = parsed;
        path = normalized;
        return sameAuthority(parsed);
    }

    private boolean sameAuthority(RequestTarget parsed) {
        return parsed.authority().isEmpty() || parsed.authority().equalsIgnoreCase(hostField);
    }

    private void readHost() {
        int field = head.fields().indexOf(KnownField.HOST);
        if (field >= 0 && sameAsBefore(field)) {
            return;
        }
        hostField = field < 0 ? "" : head.fields().value(field);
        int bracket = hostField.lastIndexOf(']');
        int colon = hostField.indexOf(':', Math.max(bracket, 0));
        host = (colon < 0 ? hostField : hostField.substring(0, colon)).toLowerCase(Locale.ROOT);
        boolean port = colon >= 0 && colon + 1 < hostField.length();
        hostPort = port ? Integer.parseInt(hostField.substring(colon + 1)) : -1;
    }

    private boolean sameAsBefore(int field) {
        HeadFields fields = head.fields();
        return same(hostField, fields.bytes(), fields.valueFrom(field), fields.valueTo(field));
    }

    private static boolean same(String text, byte[] bytes, int from, int to) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if ((bytes[i] & 0xFF) != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private void readTrusted() {
        InetAddress told = context.realIp().told(head.fields()).orElse(origin);
        client = told;
        clientIp = told.equals(origin) ? originIp : IpText.of(told.getAddress());
        head.fields()
                .first(KnownField.X_FORWARDED_PROTO.headerName())
                .map(proto -> proto.toLowerCase(Locale.ROOT))
                .filter(proto -> proto.equals("http") || proto.equals("https"))
                .ifPresent(proto -> scheme = proto);
    }

    /** Counts bytes of the body. */
    void received(long bytes) {
        bodyBytes += bytes;
    }

    /** The request target; a bare slash if it could not be read. */
    RequestTarget target() {
        return target;
    }

    /** The Host field as sent; empty if there was none. */
    String hostField() {
        return hostField;
    }

    /** The listening port as clients know it. */
    int listenPort() {
        return listenPort;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String rawTarget() {
        return rawTarget;
    }

    @Override
    public String rawQuery() {
        return target().query();
    }

    @Override
    public List<String> queryValues(String name) {
        return rawQuery().isEmpty()
                ? List.of()
                : UrlEncoded.parse(rawQuery()).stream()
                        .filter(argument -> argument.name().equals(name))
                        .map(UrlEncoded.Argument::value)
                        .toList();
    }

    @Override
    public String httpVersion() {
        if (peer.http2()) {
            return "2";
        }
        return head.minorVersion() == 0 ? "1.0" : "1.1";
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return hostPort >= 0 ? hostPort : listenPort();
    }

    @Override
    public InetAddress clientAddress() {
        return client;
    }

    @Override
    public String clientIp() {
        return clientIp;
    }

    @Override
    public InetAddress peerAddress() {
        return origin;
    }

    @Override
    public int peerPort() {
        return originPort;
    }

    @Override
    public Optional<String> sni() {
        return Optional.ofNullable(serverName());
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        TlsSession session = peer.session();
        return session == null ? List.of() : session.clientCertificates();
    }

    private @Nullable String serverName() {
        TlsSession session = peer.session();
        return session == null ? null : session.serverName();
    }

    @Override
    public Headers headers() {
        return head.fields();
    }

    @Override
    public OptionalLong contentLength() {
        return head.bodyLength() == RequestHead.CHUNKED ? OptionalLong.empty() : OptionalLong.of(head.bodyLength());
    }

    @Override
    public long size() {
        return head.length() + bodyBytes;
    }

    @Override
    public CompletionStage<ByteString> body(long limit) {
        return collector.collect(limit);
    }

    /** The same request for the router. */
    RouteRequest forRouter() {
        return routerView;
    }

    private final class RouterView implements RouteRequest {
        @Override
        public String method() {
            return RequestView.this.method();
        }

        @Override
        public String host() {
            return host;
        }

        @Override
        public int port() {
            return RequestView.this.port();
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public List<String> headerValues(String name) {
            return head.fields().all(HeaderName.of(name));
        }

        @Override
        public boolean tls() {
            return peer.tls();
        }

        @Override
        public @Nullable String sni() {
            return serverName();
        }
    }
}
