package io.sluice.node.http;

import io.sluice.node.plugin.HeaderName;

/** The fields that the gateway itself has to understand; found by hash while a head is parsed. */
public enum KnownField {
    HOST("Host"),
    CONNECTION("Connection"),
    KEEP_ALIVE("Keep-Alive"),
    PROXY_CONNECTION("Proxy-Connection"),
    PROXY("Proxy"),
    UPGRADE("Upgrade"),
    HTTP2_SETTINGS("HTTP2-Settings"),
    TE("TE"),
    TRAILER("Trailer"),
    TRANSFER_ENCODING("Transfer-Encoding"),
    CONTENT_LENGTH("Content-Length"),
    EXPECT("Expect"),
    VIA("Via"),
    SERVER("Server"),
    DATE("Date"),
    X_REAL_IP("X-Real-IP"),
    X_FORWARDED_FOR("X-Forwarded-For"),
    X_FORWARDED_PROTO("X-Forwarded-Proto"),
    X_FORWARDED_HOST("X-Forwarded-Host"),
    X_FORWARDED_PORT("X-Forwarded-Port"),
    X_FORWARDED_PATH("X-Forwarded-Path"),
    X_FORWARDED_PREFIX("X-Forwarded-Prefix"),
    X_KONG_REQUEST_ID("X-Kong-Request-Id"),
    X_KONG_UPSTREAM_LATENCY("X-Kong-Upstream-Latency"),
    X_KONG_PROXY_LATENCY("X-Kong-Proxy-Latency"),
    X_KONG_UPSTREAM_STATUS("X-Kong-Upstream-Status"),
    X_CONSUMER_ID("X-Consumer-ID"),
    X_CONSUMER_CUSTOM_ID("X-Consumer-Custom-ID"),
    X_CONSUMER_USERNAME("X-Consumer-Username"),
    X_CREDENTIAL_IDENTIFIER("X-Credential-Identifier"),
    X_ANONYMOUS_CONSUMER("X-Anonymous-Consumer"),
    ACCEPT("Accept"),
    CONTENT_TYPE("Content-Type"),
    SEC_WEBSOCKET_KEY("Sec-WebSocket-Key"),
    SEC_WEBSOCKET_VERSION("Sec-WebSocket-Version");

    private static final KnownField[] ALL = values();
    private static final int SLOTS = 256;
    private static final byte[] TABLE = table();

    private final HeaderName name;

    KnownField(String name) {
        this.name = HeaderName.of(name);
    }

    /** The field's name. */
    public HeaderName headerName() {
        return name;
    }

    /** The ordinal of the field of that name, or -1. */
    static int find(int hash, byte[] bytes, int from, int to) {
        for (int slot = hash & SLOTS - 1; TABLE[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            KnownField field = ALL[TABLE[slot] - 1];
            if (field.name.caselessHash() == hash && field.name.matches(bytes, from, to)) {
                return field.ordinal();
            }
        }
        return -1;
    }

    private static byte[] table() {
        byte[] table = new byte[SLOTS];
        for (KnownField field : ALL) {
            int slot = field.name.caselessHash() & SLOTS - 1;
            while (table[slot] != 0) {
                slot = slot + 1 & SLOTS - 1;
            }
            table[slot] = (byte) (field.ordinal() + 1);
        }
        return table;
    }
}
