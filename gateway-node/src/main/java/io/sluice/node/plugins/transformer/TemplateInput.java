package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.UrlEncoded;
import io.sluice.node.plugin.UrlEncoded.Argument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What templates see of an exchange: the request with the changes of earlier plugins. Not thread-safe. */
final class TemplateInput {

    private final Exchange exchange;
    private @Nullable List<Argument> query;

    TemplateInput(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The first value; header bytes are taken as UTF-8 so that they come out as they were. */
    @Nullable
    String header(HeaderName name) {
        String value = exchange.upstream().headers().first(name).orElse(null);
        if (value == null || value.chars().allMatch(c -> c < 128)) {
            return value;
        }
        return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The first value; {@code true} for an argument without {@code =}, as in Kong. */
    @Nullable
    String queryParameter(String name) {
        if (query == null) {
            query = UrlEncoded.parse(exchange.upstream().query());
        }
        for (Argument argument : query) {
            if (argument.name().equals(name)) {
                return argument.flag() ? "true" : argument.value();
            }
        }
        return null;
    }

    @Nullable
    String capture(String key) {
        return exchange.captures().get(key);
    }
}
