package io.sluice.node.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Entities as they appear in a log record: Kong's field names, without what is unset. */
final class EntityJson {

    private EntityJson() {}

    static void write(JsonGenerator json, Route route) throws IOException {
        json.writeStartObject();
        identity(json, route.id(), route.name());
        list(
                json,
                "protocols",
                route.protocols().stream().map(protocol -> protocol.word()).toList());
        list(json, "methods", route.methods());
        list(json, "hosts", route.hosts());
        list(json, "paths", route.paths());
        list(json, "snis", route.snis());
        if (!route.headers().isEmpty()) {
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, List<String>> header : route.headers().entrySet()) {
                json.writeFieldName(header.getKey());
                strings(json, header.getValue());
            }
            json.writeEndObject();
        }
        json.writeNumberField("regex_priority", route.regexPriority());
        json.writeBooleanField("strip_path", route.stripPath());
        json.writeStringField("path_handling", route.pathHandling().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("preserve_host", route.preserveHost());
        json.writeNumberField("https_redirect_status_code", route.httpsRedirectStatusCode());
        json.writeBooleanField("request_buffering", route.requestBuffering());
        json.writeBooleanField("response_buffering", route.responseBuffering());
        reference(json, "service", route.service());
        ending(json, route.tags(), route.createdAt(), route.updatedAt());
    }

    static void write(JsonGenerator json, Service service) throws IOException {
        json.writeStartObject();
        identity(json, service.id(), service.name());
        json.writeStringField("protocol", service.protocol().word());
        json.writeStringField("host", service.host());
        json.writeNumberField("port", service.port());
        optional(json, "path", service.path());
        json.writeNumberField("retries", service.retries());
        json.writeNumberField("connect_timeout", service.connectTimeout());
        json.writeNumberField("write_timeout", service.writeTimeout());
        json.writeNumberField("read_timeout", service.readTimeout());
        json.writeBooleanField("enabled", service.enabled());
        reference(json, "client_certificate", service.clientCertificate());
        if (service.tlsVerify() != null) {
            json.writeBooleanField("tls_verify", service.tlsVerify());
        }
        if (service.tlsVerifyDepth() != null) {
            json.writeNumberField("tls_verify_depth", service.tlsVerifyDepth());
        }
        list(
                json,
                "ca_certificates",
                service.caCertificates().stream().map(UUID::toString).toList());
        ending(json, service.tags(), service.createdAt(), service.updatedAt());
    }

    static void write(JsonGenerator json, Consumer consumer) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", consumer.id().toString());
        optional(json, "username", consumer.username());
        optional(json, "custom_id", consumer.customId());
        ending(json, consumer.tags(), consumer.createdAt(), consumer.updatedAt());
    }

    private static void identity(JsonGenerator json, UUID id, @Nullable String name) throws IOException {
        json.writeStringField("id", id.toString());
        optional(json, "name", name);
    }

    private static void ending(JsonGenerator json, List<String> tags, long createdAt, long updatedAt)
            throws IOException {
        list(json, "tags", tags);
        json.writeNumberField("created_at", createdAt);
        json.writeNumberField("updated_at", updatedAt);
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    private static void reference(JsonGenerator json, String field, @Nullable UUID id) throws IOException {
        if (id != null) {
            json.writeObjectFieldStart(field);
            json.writeStringField("id", id.toString());
            json.writeEndObject();
        }
    }

    private static void list(JsonGenerator json, String field, Collection<String> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeFieldName(field);
            strings(json, values);
        }
    }

    private static void strings(JsonGenerator json, Collection<String> values) throws IOException {
        json.writeStartArray();
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
