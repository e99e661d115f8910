package io.sluice.node.proxy;

import io.sluice.node.plugin.Exchange;

/** Told of every exchange that has ended, on its event loop: the access log. Must not block or keep the exchange. */
public interface ExchangeLog {

    void ended(Exchange exchange);

    /** Keeps nothing. */
    ExchangeLog NONE = exchange -> {};
}
