package io.sluice.node.plugins.transformer;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.UrlEncoded;
import org.jspecify.annotations.Nullable;

/** The request with the changes of earlier plugins. */
record ExchangeInput(Exchange exchange) implements TemplateInput {

    @Override
    public @Nullable String header(HeaderName name) {
        return exchange.upstream().headers().first(name).orElse(null);
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return UrlEncoded.first(exchange.upstream().query(), name).orElse(null);
    }

    @Override
    public @Nullable String capture(String key) {
        return exchange.captures().get(key);
    }
}
