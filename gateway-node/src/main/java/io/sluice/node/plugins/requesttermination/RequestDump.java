package io.sluice.node.plugins.requesttermination;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.node.plugin.ClientRequest;
import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.kind.EntityKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** A request as JSON, for people who debug: what was sent, what it matched, and where it was received. */
final class RequestDump {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private final @Nullable String message;
    private final Map<String, Object> node;

    /** A dump of what a configuration has, written once: what the first one loads (0.2 s of it) no request has to wait for. */
    record Rehearsal(String text) {

        static Rehearsal of(GatewayConfig config) {
            Map<String, @Nullable Object> dump = new LinkedHashMap<>();
            dump.put("query", arguments("a=1&b"));
            dump.put("uri_captures", captures(Map.of("1", "a", "b", "c")));
            dump.put(
                    "routes",
                    config.routes().stream()
                            .limit(1)
                            .map(EntityKind.ROUTE::encode)
                            .toList());
            dump.put(
                    "services",
                    config.services().stream()
                            .limit(1)
                            .map(EntityKind.SERVICE::encode)
                            .toList());
            dump.put("port", 80);
            return new Rehearsal(json(dump));
        }
    }

    /** Asks the system for the host's name. */
    RequestDump(@Nullable String message) {
        this.message = message;
        this.node = Map.of("worker_pid", ProcessHandle.current().pid(), "hostname", hostname());
    }

    /** The JSON form of a message alone. */
    static String message(String text) {
        return json(Map.of("message", text));
    }

    /** The dump; without body if there is none or it is not known. */
    String of(Exchange exchange, @Nullable ByteString body) {
        Map<String, @Nullable Object> dump = new LinkedHashMap<>();
        dump.put("message", message);
        dump.put("kong", node);
        dump.put("request", request(exchange, body));
        dump.put("matched_route", exchange.route().map(EntityKind.ROUTE::encode).orElse(null));
        dump.put(
                "matched_service",
                exchange.service().map(EntityKind.SERVICE::encode).orElse(null));
        return json(dump);
    }

    private static Map<String, @Nullable Object> request(Exchange exchange, @Nullable ByteString body) {
        ClientRequest request = exchange.request();
        Map<String, @Nullable Object> dump = new LinkedHashMap<>();
        dump.put("scheme", request.scheme());
        dump.put("host", request.host());
        dump.put("port", request.port());
        dump.put("method", request.method());
        dump.put("path", request.path());
        dump.put("query", arguments(request.rawQuery()));
        dump.put("headers", headers(request));
        dump.put("uri_captures", captures(exchange.captures()));
        if (body != null) {
            dump.put("raw_body", body.utf8String());
            dump.put("body", parsed(request, body));
        }
        return dump;
    }

    private static Map<String, Object> headers(ClientRequest request) {
        Map<String, Object> headers = new LinkedHashMap<>();
        request.headers()
                .forEach((name, value) -> put(
                        headers,
                        name.toLowerCase(Locale.ROOT),
                        new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
        return headers;
    }

    private static Map<String, Object> arguments(String text) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (UrlEncoded.Argument argument : UrlEncoded.parse(text)) {
            put(arguments, argument.name(), argument.flag() ? (Object) true : argument.value());
        }
        return arguments;
    }

    /** One value as it is, several as a list. */
    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> values, String name, Object value) {
        Object old = values.get(name);
        if (old == null) {
            values.put(name, value);
        } else if (old instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            values.put(name, new ArrayList<>(List.of(old, value)));
        }
    }

    private static Map<String, Object> captures(Map<String, String> captures) {
        Map<String, String> named = new LinkedHashMap<>();
        Map<Integer, String> unnamed = new TreeMap<>();
        captures.forEach((name, value) -> {
            if (!Character.isDigit(name.charAt(0))) {
                named.put(name, value);
            } else if (!name.equals("0")) {
                unnamed.put(Integer.valueOf(name), value);
            }
        });
        return Map.of("named", named, "unnamed", List.copyOf(unnamed.values()));
    }

    private static @Nullable Object parsed(ClientRequest request, ByteString body) {
        String type = request.headers().first(ClientRequest.CONTENT_TYPE).orElse("");
        if (type.startsWith(FORM)) {
            return arguments(body.utf8String());
        }
        if (!type.startsWith(JSON)) {
            return null;
        }
        try {
            return MAPPER.readTree(body.toArray());
        } catch (IOException e) {
            return null; // not well-formed; raw_body shows it
        }
    }

    private static String json(Map<String, ?> values) {
        try {
            return MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts can always be written", e);
        }
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
