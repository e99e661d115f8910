package io.sluice.state.model.kind;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Routes: fields and rules. What may be set depends on the kind of traffic that the protocols name. */
final class RouteSchema {

    private static final List<List<String>> GROUPS = List.of(
            List.of("http", "https"),
            List.of("tcp", "tls", "udp"),
            List.of("tls_passthrough"),
            List.of("grpc", "grpcs"),
            List.of("ws", "wss"));

    private static final String HTTP_WORDS = "when 'protocols' is 'http' or 'https'";
    private static final String STREAM_WORDS = "when 'protocols' is 'tcp', 'tls', 'tls_passthrough' or 'udp'";
    private static final String GRPC_WORDS = "when 'protocols' is 'grpc' or 'grpcs'";

    private static final Set<String> TLS = Set.of("grpcs", "https", "tls", "tls_passthrough", "wss");

    /** HTTP traffic, which is also what a route without protocols is for. */
    static final Schema HTTP = schema(true)
            .with(unset("sources", HTTP_WORDS))
            .with(unset("destinations", HTTP_WORDS))
            .with(oneSet("https", "methods", "hosts", "headers", "paths", "snis"))
            .with(oneSetWithout("http", "https", "methods", "hosts", "headers", "paths"))
            .with(oneSet("wss", "methods", "hosts", "headers", "paths", "snis"))
            .with(oneSetWithout("ws", "wss", "methods", "hosts", "headers", "paths"));

    static final Schema STREAM = schema(true)
            .with(unset("methods", STREAM_WORDS))
            .with(unset("hosts", STREAM_WORDS))
            .with(unset("paths", STREAM_WORDS))
            .with(unset("headers", STREAM_WORDS))
            .with(streamMatchers())
            .with(passthroughMatchers());

    static final Schema GRPC = schema(false)
            .with(Checks.over(List.of("strip_path"), (route, errors) -> {
                if (Boolean.TRUE.equals(route.get("strip_path"))) {
                    errors.field("strip_path", "cannot set 'strip_path' " + GRPC_WORDS);
                }
            }))
            .with(unset("methods", GRPC_WORDS))
            .with(unset("sources", GRPC_WORDS))
            .with(unset("destinations", GRPC_WORDS))
            .with(oneSet("grpcs", "hosts", "headers", "paths", "snis"))
            .with(oneSetWithout("grpc", "grpcs", "hosts", "headers", "paths"));

    private RouteSchema() {}

    /** The schema for what the given protocols carry; the first known one decides. */
    static Schema of(Map<String, @Nullable Object> given) {
        if (given.get("protocols") instanceof Collection<?> protocols) {
            for (Object protocol : protocols) {
                Optional<Protocol> known = protocol instanceof String word ? Protocol.of(word) : Optional.empty();
                if (known.isPresent()) {
                    return of(known.get());
                }
            }
        }
        return HTTP;
    }

    private static Schema of(Protocol protocol) {
        return switch (protocol) {
            case GRPC, GRPCS -> GRPC;
            case TCP, TLS, UDP, TLS_PASSTHROUGH -> STREAM;
            case HTTP, HTTPS, WS, WSS -> HTTP;
        };
    }

    /** One of the protocols that the open source edition knows, or of WebSockets, which the other edition does. */
    static Rule protocolWord() {
        return Rules.oneOf("grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss");
    }

    private static Schema schema(boolean stripPath) {
        Type endpoints = Type.set(Type.record(
                Schema.of(Field.string("ip", TextRules.ipOrCidr()), Field.integer("port", Rules.between(0, 65_535)))
                        .with(Checks.atLeastOneOf("ip", "port"))));
        Rule noHost = TextRules.rule(
                "header_name",
                name -> name.equalsIgnoreCase("host")
                        ? "cannot contain 'host' header, which must be specified in the 'hosts' attribute"
                        : "");
        return Schema.of(
                        Fields.id(),
                        Fields.createdAt(),
                        Fields.updatedAt(),
                        Fields.name(),
                        Field.of("protocols", protocols()).mandatory().defaultsTo(List.of("http", "https")),
                        Field.integer("https_redirect_status_code", Rules.oneOf(426L, 301L, 302L, 307L, 308L))
                                .mandatory()
                                .defaultsTo(426),
                        Field.bool("strip_path", stripPath).mandatory(),
                        Field.bool("preserve_host", false).mandatory(),
                        Field.bool("request_buffering", true).mandatory(),
                        Field.bool("response_buffering", true).mandatory(),
                        Fields.tags(),
                        Fields.foreign("service", "services"),
                        Field.of("snis", Type.set(Type.string(TextRules.wildcardHost()))),
                        Field.of("sources", endpoints),
                        Field.of("destinations", endpoints),
                        Field.of("methods", Type.set(Type.string(TextRules.method()))),
                        Field.of("hosts", Type.array(Type.string(TextRules.routeHost()))),
                        Field.of("paths", Type.array(Type.string(TextRules.routePath()))),
                        Field.of(
                                "headers",
                                Type.map(Type.string(noHost, Rules.headerName()), Type.array(Type.string()))),
                        Field.integer("regex_priority", Rules.between(Integer.MIN_VALUE, Integer.MAX_VALUE))
                                .defaultsTo(0),
                        Field.string("path_handling", Rules.oneOf("v0", "v1")).defaultsTo("v0"))
                .with(Checks.over(List.of("protocols", "snis"), RouteSchema::snisNeedTls));
    }

    private static Type protocols() {
        return Type.set(Type.string(protocolWord()), Rules.minimumLength(1), Rules.exclusiveGroups(GROUPS));
    }

    private static void snisNeedTls(Map<String, @Nullable Object> route, Check.Errors errors) {
        boolean tls = ((Collection<?>) route.getOrDefault("protocols", List.of()))
                .stream().anyMatch(TLS::contains);
        if (!tls && Checks.isSet(route, "snis")) {
            errors.field("snis", "length must be 0");
            errors.entity("'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'");
        }
    }

    private static Check unset(String name, String words) {
        return Checks.over(List.of(name), (route, errors) -> {
            if (route.get(name) != null) {
                errors.field(name, "cannot set '" + name + "' " + words);
            }
        });
    }

    /** With the protocol at least one of the fields is set. */
    private static Check oneSet(String protocol, String... names) {
        return reading(names, (route, errors) -> {
            if (has(route, protocol)) {
                requireOne(route, errors, protocol, names);
            }
        });
    }

    /** With the first protocol, and without the second, at least one of the fields is set. */
    private static Check oneSetWithout(String protocol, String stronger, String... names) {
        return reading(names, (route, errors) -> {
            if (has(route, protocol) && !has(route, stronger)) {
                requireOne(route, errors, protocol, names);
            }
        });
    }

    private static Check streamMatchers() {
        String[] names = {"sources", "destinations", "snis"};
        return reading(names, (route, errors) -> {
            boolean stream = has(route, "tcp") || has(route, "tls") || has(route, "udp");
            if (stream && noneSet(route, names)) {
                errors.entity("must set one of " + Checks.quoted(names) + " when 'protocols' is 'tcp', 'tls' or 'udp'");
            }
        });
    }

    private static Check passthroughMatchers() {
        return reading(new String[] {"snis"}, (route, errors) -> {
            if (has(route, "tls_passthrough") && noneSet(route, "snis")) {
                errors.entity("must set snis when 'protocols' is 'tls_passthrough'");
            }
        });
    }

    private static void requireOne(
            Map<String, @Nullable Object> route, Check.Errors errors, String protocol, String... names) {
        if (noneSet(route, names)) {
            errors.entity("must set one of " + Checks.quoted(names) + " when 'protocols' is '" + protocol + "'");
        }
    }

    private static Check reading(String[] names, Check check) {
        return Checks.over(
                Stream.concat(Stream.of("protocols"), Arrays.stream(names)).toList(), check);
    }

    private static boolean has(Map<String, @Nullable Object> route, String protocol) {
        return route.get("protocols") instanceof Collection<?> protocols && protocols.contains(protocol);
    }

    private static boolean noneSet(Map<String, @Nullable Object> route, String... names) {
        return Arrays.stream(names).noneMatch(name -> Checks.isSet(route, name));
    }
}
