package io.sluice.node.plugin;

import io.sluice.state.model.Consumer;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request and its response, as plugins see it; whatever edge it came in by. Used on one event loop only. */
public interface Exchange {

    /** Where {@link #logField} keeps its fields. */
    Attachment<Map<String, String>> LOG_FIELDS = new Attachment<>();

    /** 32 lower-case hex digits, new for every request. */
    String id();

    ClientRequest request();

    UpstreamRequest upstream();

    Response response();

    /** The matched route; empty before routing and if none matched. */
    Optional<Route> route();

    /** The matched route's service, if it has one. */
    Optional<Service> service();

    /** What a regular-expression path captured: numbered from "0" (the whole match) and by name; empty otherwise. */
    Map<String, String> captures();

    /** The authenticated (or anonymous) consumer. */
    Optional<Consumer> consumer();

    /** The id or name of the credential that authenticated; empty if none did. */
    Optional<String> credential();

    /** The groups that an authentication plugin found without a consumer (X-Authenticated-Groups). */
    List<String> authenticatedGroups();

    /**
     * Says who the client is. Sets X-Consumer-ID, X-Consumer-Custom-ID, X-Consumer-Username and X-Credential-Identifier
     * for the upstream, each by {@link Header#encoded}, and removes those that do not apply and X-Anonymous-Consumer.
     *
     * @param consumer null if only a credential is known
     * @param credentialId the credential's identity, for limits and logs
     * @param identifier what the upstream gets as X-Credential-Identifier
     */
    void authenticate(@Nullable Consumer consumer, UUID credentialId, String identifier);

    /** Lets the client act as the anonymous consumer; the upstream gets X-Anonymous-Consumer: true. */
    void authenticateAnonymous(Consumer consumer);

    /** Says which groups the client belongs to without a consumer; asked by {@link #authenticatedGroups}. */
    void belongsTo(List<String> groups);

    /** Keeps something for a later phase of this exchange. */
    <T> void attach(Attachment<T> key, T value);

    /** What was kept. */
    <T> Optional<T> attachment(Attachment<T> key);

    /** Adds a field to this exchange's log record; a later value takes the place of an earlier one. */
    default void logField(String name, String value) {
        Map<String, String> fields = attachment(LOG_FIELDS).orElse(null);
        if (fields == null) {
            fields = new TreeMap<>();
            attach(LOG_FIELDS, fields);
        }
        fields.put(name, value);
    }

    /** What plugins added to the log record, by name. */
    default Map<String, String> logFields() {
        return attachment(LOG_FIELDS).orElse(Map.of());
    }

    /** Milliseconds since the epoch when the first byte of the request was read. */
    long startedAt();

    /** How long the stations took; complete in the log phase. */
    Timings timings();

    /** The targets that were tried, in order. */
    List<Try> tries();

    /** What logs of this exchange must not show. */
    default SecretNames secretNames() {
        return SecretNames.USUAL;
    }

    /** The common JSON log record of this exchange, one line without line end; log phase only. */
    byte[] logRecord();

    /** A key for {@link #attach}; compared by identity, so make it a constant (or a field of the plugin). */
    @SuppressWarnings("UnusedTypeParameter") // ties the key to its value's type
    final class Attachment<T> {}

    /**
     * One attempt at a target; state and code as in Kong's log record.
     *
     * @param startedAtNanos since 1970
     */
    record Try(String ip, int port, long startedAtNanos, long balancerNanos, Optional<String> state, int code) {}

    /**
     * Latencies in milliseconds.
     *
     * @param gateway time spent in the gateway itself
     * @param upstream from the first try to the first byte of the response head, -1 if no upstream was asked
     * @param total from the first byte of the request to the last of the response
     * @param receive time spent reading the response from the upstream
     */
    record Timings(long gateway, long upstream, long total, long receive) {}
}
