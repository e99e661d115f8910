package io.sluice.node.proxy;

import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HeaderEdits;
import io.sluice.node.http.HostRule;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.ProtectedNames;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.UpstreamRequest;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.route.PathNormalizer;
import io.sluice.node.route.UpstreamPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** What will be sent to the upstream: the client's request and the changes made to it. Reused from request to request. */
final class UpstreamView implements UpstreamRequest {

    private final HeaderEdits edits = new HeaderEdits();
    private final RequestView request;
    private @Nullable String method;
    private String path = "/";
    private @Nullable String query;
    private @Nullable String host;
    private @Nullable ByteString body;
    private long bodyLimit;
    private Verdict.@Nullable Answer tooLarge;

    UpstreamView(RequestView request) {
        this.request = request;
    }

    /** Starts over on the request's head: hop-by-hop fields and what only the gateway may say are dropped. */
    void begin() {
        method = null;
        path = request.path();
        query = null;
        host = null;
        body = null;
        bodyLimit = Long.MAX_VALUE;
        tooLarge = null;
        HeadFields fields = request.head().fields();
        edits.reset(fields);
        boolean contentLength = false;
        for (int i = 0; i < fields.count(); i++) {
            int known = fields.known(i);
            boolean repeated = known == KnownField.CONTENT_LENGTH.ordinal() && contentLength;
            contentLength |= known == KnownField.CONTENT_LENGTH.ordinal();
            boolean gatewayOwned = known >= 0 ? DROPPED[known] : protectedName(fields, i);
            if (gatewayOwned || repeated) {
                edits.drop(i);
            }
        }
        if (fields.has(KnownField.CONNECTION)) {
            dropNominated(fields);
        }
    }

    private boolean protectedName(HeadFields fields, int field) {
        byte[] bytes = fields.bytes();
        int from = fields.nameFrom(field);
        int to = fields.nameTo(field);
        return ProtectedNames.covers(bytes, from, to)
                && !(request.peerTrusted() && ProtectedNames.forwarding(bytes, from, to));
    }

    /** Drops the fields that Connection names, except those that frame the body. */
    private void dropNominated(HeadFields fields) {
        for (int c = fields.indexOf(KnownField.CONNECTION); c >= 0; c = fields.nextOf(c)) {
            boolean usual =
                    fields.valueIs(c, "keep-alive") || fields.valueIs(c, "close") || fields.valueIs(c, "upgrade");
            for (int i = 0; !usual && i < fields.count(); i++) {
                boolean framing = fields.known(i) == KnownField.CONTENT_LENGTH.ordinal()
                        || fields.known(i) == KnownField.TRANSFER_ENCODING.ordinal();
                if (!framing && fields.listHasNameOf(c, i)) {
                    edits.drop(i);
                }
            }
        }
    }

    /** The body is held in memory: its length is written anew. */
    void dropFraming() {
        edits.drop(KnownField.CONTENT_LENGTH);
        edits.drop(KnownField.TRANSFER_ENCODING);
    }

    /** The route is known: the path becomes what the service gets. */
    void routed(ProxyExchange exchange, ProxyContext context) {
        path = UpstreamPath.of(exchange.match(), request.path(), context.flavor());
    }

    HeaderEdits edits() {
        return edits;
    }

    @Override
    public String method() {
        String changed = method;
        return changed != null ? changed : request.method();
    }

    @Override
    public void method(String changed) {
        if (!HeaderName.isToken(changed)) {
            throw new IllegalArgumentException("method: " + changed + " (expected: a token such as GET)");
        }
        method = changed;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void path(String changed) {
        path = UpstreamPath.encode(changed.startsWith("/") ? changed : "/" + changed);
    }

    @Override
    public String pathValue(String octets) {
        return UpstreamPath.encodeValue(octets);
    }

    @Override
    public int dotSegments(String text) {
        return PathNormalizer.dotSegments(text);
    }

    @Override
    public String query() {
        String changed = query;
        return changed != null ? changed : request.target().query();
    }

    @Override
    public void query(String changed) {
        query = UpstreamPath.encodeQuery(changed);
    }

    /** The query with its question mark, a bare one included; empty if there is none. */
    String search() {
        String changed = query;
        if (changed == null) {
            return request.target().search();
        }
        return changed.isEmpty() ? "" : "?" + changed;
    }

    @Override
    public MutableHeaders headers() {
        return edits;
    }

    @Override
    public void host(String changed) {
        byte[] bytes = changed.getBytes(StandardCharsets.ISO_8859_1);
        boolean wide = changed.chars().anyMatch(c -> c > 0xFF); // would lose its upper bits on the wire
        if (wide || !HostRule.valid(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException("host: " + changed + " (expected: a host with an optional port)");
        }
        host = changed;
    }

    /** The Host that a plugin set. */
    Optional<String> host() {
        return Optional.ofNullable(host);
    }

    @Override
    public void body(ByteString changed) {
        body = changed;
    }

    /** The body that a plugin set. */
    Optional<ByteString> body() {
        return Optional.ofNullable(body);
    }

    @Override
    public void limitBody(long bytes, Verdict.Answer answer) {
        if (bytes < bodyLimit) {
            bodyLimit = bytes;
            tooLarge = answer;
        }
    }

    /** The most bytes of content the body may have. */
    long bodyLimit() {
        return bodyLimit;
    }

    /** What to answer to a larger one. */
    Optional<Verdict.Answer> tooLarge() {
        return Optional.ofNullable(tooLarge);
    }

    private static final boolean[] DROPPED = dropped();

    private static boolean[] dropped() {
        boolean[] dropped = new boolean[KnownField.values().length];
        KnownField[] names = {
            KnownField.HOST,
            KnownField.TRANSFER_ENCODING,
            KnownField.CONNECTION,
            KnownField.KEEP_ALIVE,
            KnownField.PROXY_CONNECTION,
            KnownField.PROXY,
            KnownField.UPGRADE,
            KnownField.HTTP2_SETTINGS,
            KnownField.TE,
            KnownField.EXPECT,
            KnownField.VIA,
            KnownField.X_REAL_IP,
            KnownField.X_FORWARDED_FOR,
            KnownField.X_FORWARDED_PROTO,
            KnownField.X_FORWARDED_HOST,
            KnownField.X_FORWARDED_PORT,
            KnownField.X_FORWARDED_PATH,
            KnownField.X_FORWARDED_PREFIX,
            KnownField.X_KONG_REQUEST_ID,
            KnownField.X_CONSUMER_ID,
            KnownField.X_CONSUMER_CUSTOM_ID,
            KnownField.X_CONSUMER_USERNAME,
            KnownField.X_CREDENTIAL_IDENTIFIER,
            KnownField.X_ANONYMOUS_CONSUMER
        };
        for (KnownField name : names) {
            dropped[name.ordinal()] = true;
        }
        return dropped;
    }
}
