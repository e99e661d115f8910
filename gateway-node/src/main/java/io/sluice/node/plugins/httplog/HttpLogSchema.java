package io.sluice.node.plugins.httplog;

import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.LuaFields;
import io.sluice.node.plugin.QueueSettings;
import io.sluice.state.model.schema.Check;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rule;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of http-log. */
final class HttpLogSchema {

    private static final long MAX_MILLIS = Integer.MAX_VALUE - 1L;

    /** What the sender writes itself. */
    private static final List<String> OWN_HEADERS =
            List.of("Host", "Content-Length", "Content-Type", "Connection", "Expect", "Upgrade", "Transfer-Encoding");

    private HttpLogSchema() {}

    static Schema schema() {
        return Schema.of(
                        Field.string("http_endpoint", url()).mandatory().asReferenceable(),
                        Field.string("method", Rules.oneOf("POST", "PUT", "PATCH"))
                                .defaultsTo("POST"),
                        Field.string("content_type", Rules.oneOf("application/json", "application/json; charset=utf-8"))
                                .defaultsTo("application/json"),
                        Field.integer("timeout", Rules.between(1, MAX_MILLIS)).defaultsTo(10_000),
                        Field.number("keepalive").defaultsTo(60_000),
                        Field.integer("retry_count"),
                        Field.integer("queue_size", Rules.between(1, 1_000_000)),
                        Field.number("flush_timeout", Rules.between(0, 3600)),
                        Field.of("headers", Type.map(Type.string(headerName()), Type.string(headerValue()))),
                        QueueSettings.field(),
                        LuaFields.customFields())
                .with(HttpLogSchema::oneAuthorization);
    }

    private static Rule url() {
        return new Rule("url", true, value -> {
            try {
                URI url = new URI((String) value);
                if (url.getScheme() == null) {
                    return Optional.of("missing scheme in url");
                }
                if (!url.getScheme().equalsIgnoreCase("http")
                        && !url.getScheme().equalsIgnoreCase("https")) {
                    return Optional.of("scheme '" + url.getScheme() + "' (expected: http or https)");
                }
                return url.getHost() == null ? Optional.of("missing host in url") : Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.of("not a url: " + e.getReason());
            }
        });
    }

    private static Rule headerName() {
        return new Rule("header_name", true, value -> {
            String name = (String) value;
            if (!name.chars().allMatch(HeaderName::tokenChar)) {
                return Optional.of("bad header name '" + name + "' (expected: a token)");
            }
            return OWN_HEADERS.stream()
                    .filter(name::equalsIgnoreCase)
                    .findFirst()
                    .map(own -> "cannot contain '" + own + "' header");
        });
    }

    private static Rule headerValue() {
        return Rules.custom(
                "header_value",
                value -> ((String) value).chars().allMatch(c -> c >= ' ' && c < 127 || c == '\t'),
                "bad header value (expected: printable ASCII)");
    }

    private static void oneAuthorization(Map<String, @Nullable Object> config, Check.Errors errors) {
        Settings settings = new Settings(config);
        boolean header = settings.map("headers").keySet().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals("authorization"));
        String endpoint = settings.string("http_endpoint");
        if (header && !endpoint.startsWith("{vault:") && URI.create(endpoint).getRawUserInfo() != null) {
            errors.entity("specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed");
        }
    }
}
