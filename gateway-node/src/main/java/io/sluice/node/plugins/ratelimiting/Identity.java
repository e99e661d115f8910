package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.PluginContext;
import io.sluice.state.model.Consumer;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Service;
import io.sluice.state.model.schema.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Whom a request is counted for. */
interface Identity {

    String of(Exchange exchange);

    /** The identity that {@code limit_by} asks for; whatever has none is counted by its address. */
    static Identity by(Settings settings, PluginContext context) {
        IdTexts texts = context.derived(IdTexts.class, IdTexts::of);
        return switch (settings.string("limit_by")) {
            case "ip" -> exchange -> exchange.request().clientIp();
            case "credential" -> exchange -> exchange.credential().orElseGet(exchange.request()::clientIp);
            case "service" -> exchange -> service(exchange, texts);
            case "header" -> header(HeaderName.of(settings.string("header_name")));
            case "path" -> path(settings.string("path"));
            default -> exchange -> consumer(exchange, texts);
        };
    }

    private static String consumer(Exchange exchange, IdTexts texts) {
        Optional<Consumer> consumer = exchange.consumer();
        return consumer.isPresent()
                ? texts.text(consumer.get().id())
                : exchange.credential().orElseGet(exchange.request()::clientIp);
    }

    private static String service(Exchange exchange, IdTexts texts) {
        Optional<Service> service = exchange.service();
        return service.isPresent()
                ? texts.text(service.get().id())
                : exchange.request().clientIp();
    }

    /** Marked, so that a client cannot use up an address's limit by sending the address as the header's value. */
    private static Identity header(HeaderName name) {
        return exchange -> {
            Optional<String> value = exchange.request().headers().first(name);
            return value.isPresent() && !value.get().isEmpty()
                    ? "=" + value.get()
                    : exchange.request().clientIp();
        };
    }

    private static Identity path(String limited) {
        return exchange -> exchange.request().path().equals(limited)
                ? limited
                : exchange.request().clientIp();
    }

    /** The text forms of consumers' and services' ids, made once per revision. */
    record IdTexts(Map<UUID, String> byId) {

        static IdTexts of(GatewayConfig config) {
            Map<UUID, String> byId = new HashMap<>();
            config.consumers()
                    .forEach(consumer -> byId.put(consumer.id(), consumer.id().toString()));
            config.services()
                    .forEach(service -> byId.put(service.id(), service.id().toString()));
            return new IdTexts(byId);
        }

        String text(UUID id) {
            String known = byId.get(id);
            return known == null ? id.toString() : known;
        }
    }
}
