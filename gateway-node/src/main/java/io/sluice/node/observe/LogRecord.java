package io.sluice.node.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Exchange.Try;
import io.sluice.node.plugin.Headers;
import io.sluice.node.plugin.Response;
import io.sluice.node.plugin.SecretNames;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.Route;
import io.sluice.state.model.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Kong's common log record as JSON: what every logging plugin sends, credentials masked. Any thread that owns the exchange. */
public final class LogRecord {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String WORKSPACE = "00000000-0000-0000-0000-000000000000";

    /** What is known of the client's TLS connection. */
    public record Tls(String version, String cipher, String clientVerify) {}

    private final Exchange exchange;
    private final JsonGenerator json;
    private final SecretNames secrets;

    private LogRecord(Exchange exchange, JsonGenerator json) {
        this.exchange = exchange;
        this.json = json;
        this.secrets = exchange.secretNames();
    }

    /** The record of a finished exchange, one line without line end. */
    public static byte[] of(Exchange exchange) {
        return of(exchange, null);
    }

    /** The record of a finished exchange that came over TLS. */
    public static byte[] of(Exchange exchange, @Nullable Tls tls) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            new LogRecord(exchange, json).write(tls);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private void write(@Nullable Tls tls) throws IOException {
        json.writeStartObject();
        request(tls);
        response();
        latencies();
        tries();
        json.writeStringField("client_ip", exchange.request().clientIp());
        json.writeNumberField("started_at", exchange.startedAt());
        json.writeStringField("source", fromService() ? "upstream" : "kong");
        json.writeStringField("upstream_uri", upstreamUri());
        if (!exchange.tries().isEmpty()) {
            json.writeStringField("upstream_status", upstreamStatus());
        }
        entities();
        json.writeStringField("workspace", WORKSPACE);
        json.writeStringField("workspace_name", "default");
        for (Map.Entry<String, String> field : exchange.logFields().entrySet()) {
            json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
    }

    private void request(@Nullable Tls tls) throws IOException {
        ClientRequest request = exchange.request();
        json.writeObjectFieldStart("request");
        json.writeStringField("id", exchange.id());
        json.writeStringField("method", request.method());
        String target = text(secrets.masked(request.rawTarget()));
        json.writeStringField("uri", target);
        json.writeStringField("url", request.scheme() + "://" + text(request.host()) + ":" + request.port() + target);
        queryString(request.rawQuery());
        headers(request.headers());
        json.writeNumberField("size", request.size());
        if (tls != null) {
            json.writeObjectFieldStart("tls");
            json.writeStringField("version", tls.version());
            json.writeStringField("cipher", tls.cipher());
            json.writeStringField("client_verify", tls.clientVerify());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void response() throws IOException {
        Response response = exchange.response();
        json.writeObjectFieldStart("response");
        json.writeNumberField("status", response.status());
        headers(response.headers());
        json.writeNumberField("size", response.size());
        json.writeEndObject();
    }

    private void latencies() throws IOException {
        Exchange.Timings timings = exchange.timings();
        json.writeObjectFieldStart("latencies");
        json.writeNumberField("kong", timings.gateway());
        json.writeNumberField("proxy", timings.upstream());
        json.writeNumberField("request", timings.total());
        json.writeNumberField("receive", timings.receive());
        json.writeEndObject();
    }

    private void tries() throws IOException {
        json.writeArrayFieldStart("tries");
        for (Try one : exchange.tries()) {
            json.writeStartObject();
            json.writeStringField("ip", one.ip());
            json.writeNumberField("port", one.port());
            json.writeNumberField("balancer_start", one.startedAtNanos() / 1_000_000);
            json.writeNumberField("balancer_start_ns", one.startedAtNanos());
            json.writeNumberField("balancer_latency", one.balancerNanos() / 1_000_000);
            json.writeNumberField("balancer_latency_ns", one.balancerNanos());
            if (one.state().isPresent()) {
                json.writeStringField("state", one.state().get());
                json.writeNumberField("code", one.code());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void entities() throws IOException {
        Optional<Consumer> consumer = exchange.consumer();
        Optional<String> credential = exchange.credential();
        if (credential.isPresent()) {
            json.writeObjectFieldStart("authenticated_entity");
            json.writeStringField("id", credential.get());
            if (consumer.isPresent()) {
                json.writeStringField("consumer_id", consumer.get().id().toString());
            }
            json.writeEndObject();
        }
        Optional<Route> route = exchange.route();
        if (route.isPresent()) {
            json.writeFieldName("route");
            EntityJson.write(json, route.get());
        }
        Optional<Service> service = exchange.service();
        if (service.isPresent()) {
            json.writeFieldName("service");
            EntityJson.write(json, service.get());
        }
        if (consumer.isPresent()) {
            json.writeFieldName("consumer");
            EntityJson.write(json, consumer.get());
        }
    }

    /** A name that occurs once has a value, else a list; one without {@code =} is true, as in Kong. */
    private void queryString(String query) throws IOException {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (UrlEncoded.Argument argument : UrlEncoded.parse(query)) {
            Object value = argument.flag() ? (Object) true : shown(argument.name(), argument.value());
            values.computeIfAbsent(argument.name(), name -> new ArrayList<>()).add(value);
        }
        json.writeFieldName("querystring");
        lists(values);
    }

    private void headers(Headers headers) throws IOException {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String clean = lower.equals("referer") ? secrets.masked(value) : value;
            values.computeIfAbsent(lower, missing -> new ArrayList<>()).add(shown(lower, text(clean)));
        });
        json.writeFieldName("headers");
        lists(values);
    }

    private String shown(String name, String value) {
        return secrets.contains(name) ? SecretNames.REDACTED : value;
    }

    private void lists(Map<String, List<Object>> values) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, List<Object>> entry : values.entrySet()) {
            json.writeFieldName(entry.getKey());
            List<Object> all = entry.getValue();
            if (all.size() > 1) {
                json.writeStartArray();
            }
            for (Object value : all) {
                if (value instanceof Boolean flag) {
                    json.writeBoolean(flag);
                } else {
                    json.writeString((String) value);
                }
            }
            if (all.size() > 1) {
                json.writeEndArray();
            }
        }
        json.writeEndObject();
    }

    private boolean fromService() {
        return exchange.response().source() == Response.Source.SERVICE;
    }

    private String upstreamUri() {
        if (exchange.tries().isEmpty()) {
            return "";
        }
        String query = exchange.upstream().query();
        return text(exchange.upstream().path() + (query.isEmpty() ? "" : secrets.masked("?" + query)));
    }

    /** The status of each try, as nginx lists them; a try that got no response counts as 502. */
    private String upstreamStatus() {
        StringJoiner statuses = new StringJoiner(", ");
        List<Try> tries = exchange.tries();
        for (int i = 0; i < tries.size(); i++) {
            int code = tries.get(i).code();
            boolean answered = i == tries.size() - 1 && fromService();
            int known = answered ? exchange.response().status() : 502;
            statuses.add(String.valueOf(code > 0 ? code : known));
        }
        return statuses.toString();
    }

    /** Header text is one char per byte: shown as UTF-8 if it is that. */
    private static String text(String bytes) {
        if (bytes.chars().allMatch(c -> c < 128) || bytes.chars().anyMatch(c -> c > 255)) {
            return bytes;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }
}
