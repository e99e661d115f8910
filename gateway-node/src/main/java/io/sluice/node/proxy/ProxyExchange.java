package io.sluice.node.proxy;

import io.sluice.node.config.Revision;
import io.sluice.node.http.ConnectionPeer;
import io.sluice.node.http.KnownField;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Header;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.Response;
import io.sluice.node.plugin.SecretNames;
import io.sluice.node.plugin.UpstreamRequest;
import io.sluice.node.route.RouteMatch;
import io.sluice.node.upstream.Endpoint;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The current exchange of a client connection: one object for all its requests, one after the other. */
final class ProxyExchange implements Exchange {

    private final ProxyContext context;
    private final RequestView request;
    private final UpstreamView upstream;
    private final ResponseView response;
    private final List<Try> tries = new ArrayList<>(2);
    private @Nullable Revision revision;
    private @Nullable RouteMatch match;
    private @Nullable Consumer consumer;
    private @Nullable String credential;
    private List<String> groups = List.of();
    private Attachment<?>[] attachmentKeys = new Attachment<?>[4];
    private @Nullable Object[] attachments = new Object[4];
    private int attached;
    private final RequestId id = new RequestId();
    private long startedAt;
    private long startNanos;
    private long sendNanos;
    private long headNanos;
    private long endNanos;
    private @Nullable Endpoint endpoint;
    private long tryStartNanos;

    ProxyExchange(ProxyContext context, ConnectionPeer peer, RequestView.BodyCollector collector) {
        this.context = context;
        this.request = new RequestView(peer, context, collector);
        this.upstream = new UpstreamView(request);
        this.response = new ResponseView(context.droppedFromResponses());
    }

    /** Starts over for a request whose head has been parsed; gives false if the request cannot be served. */
    boolean begin(RandomGenerator random, long nanos) {
        id.renew(random);
        revision = context.revision();
        match = null;
        consumer = null;
        credential = null;
        groups = List.of();
        Arrays.fill(attachmentKeys, 0, attached, null);
        Arrays.fill(attachments, 0, attached, null);
        attached = 0;
        tries.clear();
        startedAt = context.clock().millis();
        startNanos = nanos;
        sendNanos = 0;
        headNanos = 0;
        endNanos = 0;
        endpoint = null;
        response.begin();
        boolean good = request.begin();
        upstream.begin();
        return good;
    }

    /**
     * Starts over for a request whose head could not be read.
     *
     * @param line what arrived of its first line
     */
    void refused(String line, RandomGenerator random, long nanos) {
        request.unreadable();
        begin(random, nanos);
        request.refusedLine(line);
    }

    void routed(RouteMatch found) {
        match = found;
        upstream.routed(this, context);
    }

    /** The upstream is asked now. */
    void trying(Endpoint target, long nanos) {
        if (sendNanos == 0) {
            sendNanos = nanos;
        }
        endpoint = target;
        tryStartNanos = nanos;
    }

    /** A try that began before is the current one again. */
    void resumed(@Nullable Endpoint target, long startedNanos) {
        endpoint = target;
        tryStartNanos = startedNanos;
    }

    /** The current try failed, with the status it would mean. */
    void tryFailed(int code) {
        Endpoint target = endpoint;
        if (target != null) {
            tries.add(new Try(target.ip(), target.port(), tryStartedAt(), 0, Optional.of("failed"), code));
            endpoint = null;
        }
    }

    /** A try was given up for another one that has been answered, or with the request. */
    void tryGivenUp(Endpoint target, long startedNanos) {
        tries.add(new Try(
                target.ip(),
                target.port(),
                wallNanos(startedNanos),
                0,
                Optional.of("cancelled"),
                ProxyFailure.CLIENT_GONE.status()));
    }

    private long tryStartedAt() {
        return wallNanos(tryStartNanos);
    }

    private long wallNanos(long nanos) {
        return startedAt * 1_000_000 + nanos - startNanos;
    }

    void headReceived(long nanos) {
        headNanos = nanos;
    }

    void ended(long nanos) {
        endNanos = nanos;
    }

    Revision revision() {
        Revision current = revision;
        if (current == null) {
            throw new IllegalStateException("no request");
        }
        return current;
    }

    RouteMatch match() {
        RouteMatch found = match;
        if (found == null) {
            throw new IllegalStateException("no route");
        }
        return found;
    }

    boolean hasMatch() {
        return match != null;
    }

    @Nullable
    Consumer consumerOrNull() {
        return consumer;
    }

    RequestView client() {
        return request;
    }

    UpstreamView forward() {
        return upstream;
    }

    ResponseView answer() {
        return response;
    }

    /** Whether an upstream was asked. */
    boolean sentUpstream() {
        return sendNanos != 0;
    }

    /** Milliseconds from the start to the first try. */
    long proxyLatency() {
        return (sendNanos - startNanos) / 1_000_000;
    }

    /** Milliseconds from the first try to the response's head. */
    long upstreamLatency() {
        return (headNanos - sendNanos) / 1_000_000;
    }

    /** Milliseconds since the start. */
    long age(long nanos) {
        return (nanos - startNanos) / 1_000_000;
    }

    RequestId requestId() {
        return id;
    }

    @Override
    public String id() {
        return id.text();
    }

    @Override
    public ClientRequest request() {
        return request;
    }

    @Override
    public UpstreamRequest upstream() {
        return upstream;
    }

    @Override
    public Response response() {
        return response;
    }

    @Override
    public Optional<Route> route() {
        return match == null ? Optional.empty() : Optional.of(match.route());
    }

    @Override
    public Optional<Service> service() {
        return match == null ? Optional.empty() : Optional.ofNullable(match.service());
    }

    @Override
    public Map<String, String> captures() {
        return match == null ? Map.of() : match.captures();
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
    public List<String> authenticatedGroups() {
        return groups;
    }

    @Override
    public void belongsTo(List<String> names) {
        groups = List.copyOf(names);
    }

    @Override
    public void authenticate(@Nullable Consumer who, UUID credentialId, String identifier) {
        consumer = who;
        credential = credentialId.toString();
        identify(who, identifier);
        upstream.edits().remove(KnownField.X_ANONYMOUS_CONSUMER.headerName());
    }

    @Override
    public void authenticateAnonymous(Consumer who) {
        consumer = who;
        credential = null;
        identify(who, null);
        upstream.edits().set(KnownField.X_ANONYMOUS_CONSUMER.headerName(), "true");
    }

    private void identify(@Nullable Consumer who, @Nullable String identifier) {
        say(KnownField.X_CONSUMER_ID, who == null ? null : who.id().toString());
        say(KnownField.X_CONSUMER_CUSTOM_ID, who == null ? null : who.customId());
        say(KnownField.X_CONSUMER_USERNAME, who == null ? null : who.username());
        say(KnownField.X_CREDENTIAL_IDENTIFIER, identifier);
    }

    private void say(KnownField field, @Nullable String value) {
        HeaderName name = field.headerName();
        if (value == null) {
            upstream.edits().remove(name);
        } else {
            upstream.edits().set(name, Header.encoded(value));
        }
    }

    @Override
    public <T> void attach(Attachment<T> key, T value) {
        for (int i = 0; i < attached; i++) {
            if (attachmentKeys[i] == key) {
                attachments[i] = value;
                return;
            }
        }
        if (attached == attachments.length) {
            attachmentKeys = Arrays.copyOf(attachmentKeys, attached * 2);
            attachments = Arrays.copyOf(attachments, attached * 2);
        }
        attachmentKeys[attached] = key;
        attachments[attached++] = value;
    }

    @Override
    @SuppressWarnings("unchecked") // the key's type is its value's
    public <T> Optional<T> attachment(Attachment<T> key) {
        for (int i = 0; i < attached; i++) {
            if (attachmentKeys[i] == key) {
                return Optional.ofNullable((T) attachments[i]);
            }
        }
        return Optional.empty();
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public Timings timings() {
        long total = Math.max(0, (endNanos - startNanos) / 1_000_000);
        if (!sentUpstream()) {
            return new Timings(total, -1, total, 0);
        }
        long waiting = Math.max(0, ((headNanos == 0 ? endNanos : headNanos) - sendNanos) / 1_000_000);
        long receive = headNanos == 0 ? 0 : Math.max(0, (endNanos - headNanos) / 1_000_000);
        return new Timings(Math.max(0, total - waiting - receive), waiting, total, receive);
    }

    @Override
    public List<Try> tries() {
        Endpoint target = endpoint;
        if (target == null) {
            return List.copyOf(tries);
        }
        List<Try> all = new ArrayList<>(tries);
        all.add(new Try(target.ip(), target.port(), tryStartedAt(), 0, Optional.empty(), response.status()));
        return all;
    }

    @Override
    public SecretNames secretNames() {
        return revision().secretNames();
    }

    @Override
    public byte[] logRecord() {
        return context.records().write(this);
    }
}
