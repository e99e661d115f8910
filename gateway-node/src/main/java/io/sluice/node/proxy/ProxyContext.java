package io.sluice.node.proxy;

import io.sluice.node.config.Revision;
import io.sluice.node.http.HeadLimits;
import io.sluice.node.http.KnownField;
import io.sluice.node.settings.ClientSettings;
import io.sluice.node.settings.ProxySettings;
import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.state.model.RouterFlavor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What every connection of a node shares. Immutable but for the switch that starts the drain; thread-safe.
 */
final class ProxyContext {

    /** The version of Kong whose behaviour is offered. */
    static final String SERVER = "kong/3.9.3";

    private final ProxySettings settings;
    private final RouterFlavor flavor;
    private final Supplier<Revision> revisions;
    private final InstantSource clock;
    private final ExchangeLog log;
    private final RecordWriter records;
    private final Duration verdictLimit;
    private final RealIp realIp;
    private final HeadLimits headLimits;
    private final boolean[] tokens = new boolean[TokenHeader.values().length];
    private final boolean[] droppedFromResponses;
    private volatile boolean draining;

    /** Makes the JSON log record of an exchange. */
    interface RecordWriter {
        byte[] write(ProxyExchange exchange);
    }

    ProxyContext(
            ProxySettings settings,
            RouterFlavor flavor,
            Supplier<Revision> revisions,
            InstantSource clock,
            ExchangeLog log,
            RecordWriter records,
            Duration verdictLimit) {
        this.settings = settings;
        this.flavor = flavor;
        this.revisions = revisions;
        this.clock = clock;
        this.log = log;
        this.records = records;
        this.verdictLimit = verdictLimit;
        this.realIp = new RealIp(settings);
        ClientSettings client = settings.client();
        this.headLimits = new HeadLimits(
                client.headerBytes(), client.requestLineBytes(), client.headerLineBytes(), client.headerCount());
        settings.headers().forEach(token -> tokens[token.ordinal()] = true);
        this.droppedFromResponses = droppedFrom(settings.headers());
    }

    private static boolean[] droppedFrom(Set<TokenHeader> own) {
        boolean[] dropped = new boolean[KnownField.values().length];
        dropped[KnownField.CONNECTION.ordinal()] = true;
        dropped[KnownField.KEEP_ALIVE.ordinal()] = true;
        dropped[KnownField.PROXY_CONNECTION.ordinal()] = true;
        dropped[KnownField.TRANSFER_ENCODING.ordinal()] = true;
        dropped[KnownField.VIA.ordinal()] = own.contains(TokenHeader.VIA);
        dropped[KnownField.X_KONG_REQUEST_ID.ordinal()] = own.contains(TokenHeader.REQUEST_ID);
        dropped[KnownField.X_KONG_UPSTREAM_LATENCY.ordinal()] = own.contains(TokenHeader.UPSTREAM_LATENCY);
        dropped[KnownField.X_KONG_PROXY_LATENCY.ordinal()] = own.contains(TokenHeader.PROXY_LATENCY);
        dropped[KnownField.X_KONG_UPSTREAM_STATUS.ordinal()] = own.contains(TokenHeader.UPSTREAM_STATUS);
        return dropped;
    }

    /** By {@link KnownField}: hop-by-hop fields of an upstream's response, and those that the gateway says itself. */
    boolean[] droppedFromResponses() {
        return droppedFromResponses;
    }

    ProxySettings settings() {
        return settings;
    }

    RouterFlavor flavor() {
        return flavor;
    }

    /** The current revision: one volatile read. */
    Revision revision() {
        return revisions.get();
    }

    InstantSource clock() {
        return clock;
    }

    ExchangeLog log() {
        return log;
    }

    RecordWriter records() {
        return records;
    }

    /** How long an exchange waits for a plugin's verdict. */
    Duration verdictLimit() {
        return verdictLimit;
    }

    RealIp realIp() {
        return realIp;
    }

    HeadLimits headLimits() {
        return headLimits;
    }

    /** Whether one of the gateway's own headers is wanted. */
    boolean sends(TokenHeader token) {
        return tokens[token.ordinal()];
    }

    /** Whether connections are to end after their current request. */
    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
