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
    private boolean[] failed = new boolean[8];
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
            failed = new boolean[length];
        } else {
            Arrays.fill(selected, null);
            Arrays.fill(failed, false);
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
            Verdict verdict = phase == Phase.REWRITE
                    ? plugin.plugin().rewrite(exchange)
                    : plugin.plugin().access(exchange);
            return verdict != null ? verdict : broken(plugin.name(), new IllegalStateException("no verdict"));
        } catch (Throwable e) {
            return broken(plugin.name(), e);
        }
    }

    /**
     * What a plugin's failure means: it is logged here and nowhere else. Whatever a plugin throws is caught, a class missing
     * from its jar as well: it must not end the event loop that other connections live on.
     */
    Verdict.Answer broken(String plugin, Throwable cause) {
        if (cause instanceof VirtualMachineError fatal && !(cause instanceof StackOverflowError)) {
            throw fatal;
        }
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

    /**
     * Runs {@link Phase#RESPONSE_HEAD}; gives false if a plugin failed. That one is left out of the response phases from then
     * on, so that they can be run again for the answer that says so.
     */
    boolean responseHead() {
        boolean good = true;
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && !failed[i] && plugin.in(Phase.RESPONSE_HEAD)) {
                try {
                    plugin.plugin().responseHead(exchange);
                } catch (Throwable e) {
                    responseBroken(i, plugin, e);
                    good = false;
                }
            }
        }
        return good;
    }

    private void responseBroken(int place, BoundPlugin plugin, Throwable cause) {
        failed[place] = true;
        broken(plugin.name(), cause);
    }

    /** The body filters of {@link Phase#RESPONSE_BODY}, in order; usually none; null if a plugin failed, as above. */
    @Nullable
    List<BodyFilter> bodyFilters() {
        List<BodyFilter> filters = List.of();
        boolean good = true;
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && !failed[i] && plugin.in(Phase.RESPONSE_BODY)) {
                filters = filters.isEmpty() ? new ArrayList<>(2) : filters;
                good &= addFilter(i, plugin, filters);
            }
        }
        return good ? filters : null;
    }

    private boolean addFilter(int place, BoundPlugin plugin, List<BodyFilter> filters) {
        try {
            plugin.plugin()
                    .responseBody(exchange)
                    .ifPresent(filter ->
                            filters.add(new GuardedFilter(filter, cause -> responseBroken(place, plugin, cause))));
            return true;
        } catch (Throwable e) {
            responseBroken(place, plugin, e);
            return false;
        }
    }

    /** Runs {@link Phase#LOG}. */
    void log() {
        for (int i = 0; i < length; i++) {
            BoundPlugin plugin = selected[i];
            if (plugin != null && plugin.in(Phase.LOG)) {
                try {
                    plugin.plugin().log(exchange);
                } catch (Throwable e) {
                    broken(plugin.name(), e);
                }
            }
        }
    }
}
