package io.sluice.node.proxy;

import io.sluice.node.config.BoundPlugin;
import io.sluice.node.config.PluginChain;
import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the plugins of an exchange, phase by phase. Which configuration stands at a place of the chain is settled when the
 * access phase reaches it, so that a consumer found by one plugin counts for the later ones, and kept for the phases after.
 */
final class PhaseRunner {

    private static final Logger LOG = LoggerFactory.getLogger(PhaseRunner.class);
    private static final Verdict.Answer BROKEN =
            Verdict.error(ProxyFailure.UNEXPECTED.status(), ProxyFailure.UNEXPECTED.message());

    private final ProxyExchange exchange;
    private @Nullable PluginChain chain;
    private @Nullable BoundPlugin[] selected = new BoundPlugin[8];
    private int length;
    private int next;

    PhaseRunner(ProxyExchange exchange) {
        this.exchange = exchange;
    }

    /** Prepares for a phase that may be parked and resumed. */
    void begin(PluginChain newChain) {
        chain = newChain;
        length = newChain.length();
        if (length > selected.length) {
            selected = new BoundPlugin[length];
        } else {
            Arrays.fill(selected, null);
        }
        next = 0;
    }

    /** Forgets the plugins of the last exchange. */
    void clear() {
        chain = null;
        Arrays.fill(selected, 0, length, null);
        length = 0;
        next = 0;
    }

    /**
     * Goes on with {@link Phase#REWRITE} or {@link Phase#ACCESS} where it stopped.
     *
     * @return Continue after the last plugin, else what a plugin decided; after Later, call it again
     */
    Verdict run(Phase phase) {
        while (next < length) {
            BoundPlugin plugin = select(next++);
            if (plugin != null && plugin.in(phase)) {
                Verdict verdict = call(plugin, phase);
                if (verdict != Verdict.CONTINUE && !(verdict instanceof Verdict.Continue)) {
                    return verdict;
                }
            }
        }
        return Verdict.CONTINUE;
    }

    private @Nullable BoundPlugin select(int place) {
        PluginChain current = chain;
        BoundPlugin plugin = current == null ? null : current.at(place, exchange.consumerOrNull());
        selected[place] = plugin;
        return plugin;
    }

    /** Settles the places that the access phase did not reach, for the phases after it. */
    void selectRest() {
        while (next < length) {
            select(next++);
        }
    }

    private Verdict call(BoundPlugin plugin, Phase phase) {
        try {
            return phase == Phase.REWRITE
                    ? plugin.plugin().rewrite(exchange)
                    : plugin.plugin().access(exchange);
        } catch (RuntimeException | StackOverflowError e) {
            return broken(plugin.name(), e);
        }
    }

    /** What a plugin's failure means: it is logged here and nowhere else. */
    Verdict.Answer broken(String plugin, Throwable cause) {
        LOG.atError()
                .addKeyValue("plugin", plugin)
                .addKeyValue("request_id", exchange.id())
                .setCause(cause)
                .log("plugin failed");
        return BROKEN;
    }

    /** The name of the plugin that was called last. */
    String last() {
        BoundPlugin plugin = next > 0 ? selected[next - 1] : null;
        return plugin == null ? "" : plugin.name();
    }

    /** Runs {@link Phase#RESPONSE_HEAD}; gives false if a plugin failed. */
    boolean responseHead() {
        boolean good = true;
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && plugin.in(Phase.RESPONSE_HEAD)) {
                try {
                    plugin.plugin().responseHead(exchange);
                } catch (RuntimeException | StackOverflowError e) {
                    broken(plugin.name(), e);
                    good = false;
                }
            }
        }
        return good;
    }

    /** The body filters of {@link Phase#RESPONSE_BODY}, in order; usually none. */
    List<BodyFilter> bodyFilters() {
        List<BodyFilter> filters = List.of();
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && plugin.in(Phase.RESPONSE_BODY)) {
                filters = filters.isEmpty() ? new ArrayList<>(2) : filters;
                addFilter(plugin, filters);
            }
        }
        return filters;
    }

    private void addFilter(BoundPlugin plugin, List<BodyFilter> filters) {
        try {
            plugin.plugin().responseBody(exchange).ifPresent(filters::add);
        } catch (RuntimeException | StackOverflowError e) {
            broken(plugin.name(), e);
        }
    }

    /** Runs {@link Phase#LOG}. */
    void log() {
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && plugin.in(Phase.LOG)) {
                try {
                    plugin.plugin().log(exchange);
                } catch (RuntimeException | StackOverflowError e) {
                    broken(plugin.name(), e);
                }
            }
        }
    }
}
