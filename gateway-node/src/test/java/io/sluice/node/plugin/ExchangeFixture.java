package io.sluice.node.plugin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;

/**
 * An exchange in memory: say what the client sent, run a plugin's phases with {@link #access(Plugin)} and its siblings, look
 * at the verdict, at {@link #upstream()} and at {@link #response()}.
 */
public final class ExchangeFixture implements Exchange {
    public static final String ID = "0123456789abcdef0123456789abcdef";
    private static final HeaderName CONSUMER_ID = HeaderName.of("X-Consumer-ID");
    private static final HeaderName CONSUMER_CUSTOM_ID = HeaderName.of("X-Consumer-Custom-ID");
    private static final HeaderName CONSUMER_USERNAME = HeaderName.of("X-Consumer-Username");
    private static final HeaderName CREDENTIAL_IDENTIFIER = HeaderName.of("X-Credential-Identifier");
    private static final HeaderName ANONYMOUS_CONSUMER = HeaderName.of("X-Anonymous-Consumer");

    private final ClientRequestFixture request;
    private final UpstreamRequestFixture upstream;
    private final ResponseFixture response = new ResponseFixture();
    private final Map<Attachment<?>, Object> attachments = new IdentityHashMap<>();
    private Route route;
    private Service service;
    private Consumer consumer;
    private String credential;
    private List<String> groups = List.of();
    private Map<String, String> captures = Map.of();
    private long startedAt = PluginContextFixture.START.toEpochMilli();
    private Timings timings = new Timings(1, 5, 7, 1);
    private List<Try> tries = List.of();
    private byte[] logRecord = "{}".getBytes(StandardCharsets.UTF_8);

    private ExchangeFixture(String method, String target) {
        request = new ClientRequestFixture(method, target);
        upstream = new UpstreamRequestFixture(request);
        header("Host", "example.com");
    }

    /** A GET without body from 127.0.0.1 to example.com. */
    public static ExchangeFixture get(String target) {
        return new ExchangeFixture("GET", target);
    }

    /** A request without body from 127.0.0.1 to example.com. */
    public static ExchangeFixture request(String method, String target) {
        return new ExchangeFixture(method, target);
    }

    /** Adds a field line; Host replaces the one there is. */
    public ExchangeFixture header(String name, String value) {
        var header = HeaderName.of(name);
        if (header.equals(HeaderName.of("Host"))) {
            request.headers.set(header, value.strip());
            upstream.headers().set(header, value.strip());
        } else {
            request.headers.add(header, value.strip());
            upstream.headers().add(header, value.strip());
        }
        return this;
    }

    /** A body of known length with its Content-Type and Content-Length. */
    public ExchangeFixture body(String contentType, String text) {
        request.body = ByteString.fromString(text);
        request.contentLength = OptionalLong.of(request.body.size());
        return header("Content-Type", contentType).header("Content-Length", String.valueOf(request.body.size()));
    }

    /** A body whose length is not announced. */
    public ExchangeFixture chunked(String text) {
        request.body = ByteString.fromString(text);
        request.contentLength = OptionalLong.empty();
        return header("Transfer-Encoding", "chunked");
    }

    /** Announces a body that is never read. */
    public ExchangeFixture contentLength(long bytes) {
        request.contentLength = OptionalLong.of(bytes);
        return header("Content-Length", String.valueOf(bytes));
    }

    /** Keeps the body back until {@link #bodyArrives()}. */
    public ExchangeFixture slowBody() {
        request.awaited = new CompletableFuture<>();
        return this;
    }

    public void bodyArrives() {
        request.awaited.complete(null);
    }

    public ExchangeFixture clientIp(String literal) {
        request.client = ClientRequestFixture.address(literal);
        return this;
    }

    public ExchangeFixture peerIp(String literal) {
        request.peer = ClientRequestFixture.address(literal);
        return this;
    }

    public ExchangeFixture scheme(String scheme, int port) {
        request.scheme = scheme;
        request.port = port;
        return this;
    }

    public ExchangeFixture sni(String name) {
        request.sni = name;
        return this;
    }

    /** The first line of a head that was refused. */
    public ExchangeFixture refusedLine(String line) {
        request.refusedLine = line;
        return this;
    }

    public ExchangeFixture httpVersion(String version) {
        request.httpVersion = version;
        return this;
    }

    public ExchangeFixture route(Route route) {
        this.route = route;
        return this;
    }

    public ExchangeFixture service(Service service) {
        this.service = service;
        return this;
    }

    public ExchangeFixture captures(Map<String, String> captures) {
        this.captures = captures;
        return this;
    }

    /** An authenticated consumer, as an earlier plugin would have left it. */
    public ExchangeFixture consumer(Consumer consumer) {
        authenticate(consumer, ConfigFixture.id("credential of " + consumer.username()), "credential");
        return this;
    }

    public ExchangeFixture authenticatedGroups(String... names) {
        groups = List.of(names);
        return this;
    }

    public ExchangeFixture startedAt(long millis) {
        startedAt = millis;
        return this;
    }

    public ExchangeFixture timings(Timings timings) {
        this.timings = timings;
        return this;
    }

    public ExchangeFixture tries(Try... tries) {
        this.tries = List.of(tries);
        return this;
    }

    public ExchangeFixture logRecord(String json) {
        logRecord = json.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** The upstream's response: status, then pairs of header name and value. */
    public ExchangeFixture responds(int status, String... headers) {
        response.status(status);
        for (int i = 0; i < headers.length; i += 2) {
            response.headers().add(HeaderName.of(headers[i]), headers[i + 1]);
        }
        return this;
    }

    /** Runs the phase; an answer becomes the response. */
    public Verdict rewrite(Plugin plugin) {
        return applied(plugin.rewrite(this));
    }

    /** Runs the phase; a later verdict is given itself if it is complete, an answer becomes the response. */
    public Verdict access(Plugin plugin) {
        return applied(plugin.access(this));
    }

    /** Runs the phase and gives the response. */
    public ResponseFixture responseHead(Plugin plugin) {
        plugin.responseHead(this);
        return response;
    }

    /** What becomes of a response body of these pieces. */
    public String responseBody(Plugin plugin, String... chunks) {
        var filter = plugin.responseBody(this);
        response.body(
                filter.isPresent() ? ResponseFixture.joined(filter.orElseThrow(), chunks) : String.join("", chunks));
        return response.body();
    }

    private Verdict applied(Verdict verdict) {
        if (verdict instanceof Verdict.Later later) {
            var settled = later.verdict().toCompletableFuture().getNow(verdict);
            return settled == verdict ? verdict : applied(settled);
        }
        if (verdict instanceof Verdict.Answer answer) {
            response.answer(answer, ID);
        }
        return verdict;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public ClientRequestFixture request() {
        return request;
    }

    @Override
    public UpstreamRequestFixture upstream() {
        return upstream;
    }

    @Override
    public ResponseFixture response() {
        return response;
    }

    @Override
    public Optional<Route> route() {
        return Optional.ofNullable(route);
    }

    @Override
    public Optional<Service> service() {
        return Optional.ofNullable(service);
    }

    @Override
    public Map<String, String> captures() {
        return captures;
    }

    @Override
    public Optional<Consumer> consumer() {
        return Optional.ofNullable(consumer);
    }

    @Override
    public Optional<String> credential() {
        return Optional.ofNullable(credential);
    }

    @Override
    public void belongsTo(List<String> names) {
        authenticatedGroups(names.toArray(String[]::new));
    }

    @Override
    public List<String> authenticatedGroups() {
        return groups;
    }

    @Override
    public void authenticate(Consumer consumer, UUID credentialId, String identifier) {
        this.consumer = consumer;
        this.credential = credentialId.toString();
        identity(consumer);
        put(CREDENTIAL_IDENTIFIER, identifier);
        put(ANONYMOUS_CONSUMER, null);
    }

    @Override
    public void authenticateAnonymous(Consumer consumer) {
        this.consumer = consumer;
        this.credential = null;
        identity(consumer);
        put(CREDENTIAL_IDENTIFIER, null);
        put(ANONYMOUS_CONSUMER, "true");
    }

    private void identity(Consumer consumer) {
        put(CONSUMER_ID, consumer == null ? null : consumer.id().toString());
        put(CONSUMER_CUSTOM_ID, consumer == null ? null : consumer.customId());
        put(CONSUMER_USERNAME, consumer == null ? null : consumer.username());
    }

    private void put(HeaderName name, String value) {
        if (value == null) {
            upstream.headers().remove(name);
        } else {
            upstream.headers().set(name, Header.encoded(value));
        }
    }

    @Override
    public <T> void attach(Attachment<T> key, T value) {
        attachments.put(key, value);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Optional<T> attachment(Attachment<T> key) {
        return Optional.ofNullable((T) attachments.get(key));
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public Timings timings() {
        return timings;
    }

    @Override
    public List<Try> tries() {
        return tries;
    }

    @Override
    public byte[] logRecord() {
        return logRecord.clone();
    }
}
