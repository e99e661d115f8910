package io.sluice.node.plugins.ratelimiting;

import io.sluice.node.plugin.PluginContext;
import io.sluice.state.limit.LimitRule;
import io.sluice.state.limit.Limits;
import io.sluice.state.limit.Mode;
import io.sluice.state.limit.PeerPolicy;
import io.sluice.state.limit.RateLimiter;
import io.sluice.state.limit.Reach;
import io.sluice.state.limit.WindowType;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings that several kinds of limits have in common, and the limiters that they ask for. */
final class RuleSettings {

    private static final Logger LOG = LoggerFactory.getLogger(RuleSettings.class);

    private RuleSettings() {}

    /** Kong's three policies. */
    static Field policy() {
        return Field.string("policy", Rules.oneOf("local", "cluster", "redis")).defaultsTo("local");
    }

    static Field errorCode() {
        return Field.integer("error_code", Rules.greaterThan(0), Rules.between(200, 599))
                .defaultsTo(429);
    }

    /** Overrides what {@code fault_tolerant} says. */
    static Field peerPolicy() {
        return Field.string("peer_policy", Rules.oneOf("closed", "share", "open"));
    }

    static Field park() {
        return Field.integer("park_ms", Rules.between(0, 10_000)).defaultsTo(LimitRule.DEFAULT_PARK.toMillis());
    }

    static Field dryRun() {
        return Field.bool("dry_run", false);
    }

    /**
     * The rule of a configuration. What only matters between nodes is left out of a rule for this node alone, so that a change
     * of it does not start counting afresh.
     *
     * @param id the configuration's own, or made from it: the same on every node
     */
    static LimitRule rule(UUID id, Settings settings, WindowType type) {
        if (settings.string("policy").equals("local")) {
            return new LimitRule(id, Reach.NODE, type, Mode.STRICT, PeerPolicy.SHARE, LimitRule.DEFAULT_PARK);
        }
        boolean tolerant = !settings.has("fault_tolerant") || settings.bool("fault_tolerant");
        PeerPolicy peers = settings.optionalString("peer_policy")
                .map(word -> PeerPolicy.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(tolerant ? PeerPolicy.SHARE : PeerPolicy.CLOSED);
        Mode mode = settings.optionalString("mode")
                .map(word -> Mode.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Mode.STRICT);
        Duration park =
                settings.has("park_ms") ? Duration.ofMillis(settings.integer("park_ms")) : LimitRule.DEFAULT_PARK;
        return new LimitRule(id, Reach.CLUSTER, type, mode, peers, park);
    }

    /** A limiter for the rule, kept as long as a revision has it; it is the same counts when only the limits change. */
    static RateLimiter open(LimitRule rule, Limits limits, PluginContext context) {
        return context.resource(
                new Opened(rule, limits.toString()), () -> context.limiters().open(rule, limits));
    }

    private record Opened(LimitRule rule, String limits) {}

    /** Says, once for a configuration, what of a Redis policy is not used. */
    static void tellOfRedis(Settings settings, PluginContext context) {
        if (settings.string("policy").equals("redis")) {
            UUID plugin = context.plugin().id();
            String ignored = settings.has("sync_rate") ? "redis.*, sync_rate" : "redis.*";
            context.resource(new Told(plugin), () -> Told.now(plugin, ignored));
        }
    }

    /** Remembers that a configuration was told, so that it is not told again with every revision. */
    private record Told(UUID plugin) implements AutoCloseable {

        static Told now(UUID plugin, String ignored) {
            LOG.atWarn()
                    .addKeyValue("plugin", plugin)
                    .log("policy 'redis': the cluster counts by itself, as with 'cluster'; not used: {}", ignored);
            return new Told(plugin);
        }

        @Override
        public void close() {}
    }
}
